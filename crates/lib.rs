//! mdm-vpp: Apple license management for MDM backends.
