//! The pure rules of mdm-vpp.
