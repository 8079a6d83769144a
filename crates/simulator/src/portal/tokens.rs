//! Content tokens: downloading, renewing and killing them.

use super::error::PortalError;
use crate::model::{ContentManager, DownloadedToken, LocationUid, TokenDownload, TokenId};
use crate::simulator::Simulator;

impl Simulator {
    /// Downloads a token. Tokens downloaded before stay valid (assumption; Apple documents that two tokens of one
    /// location can exist).
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn download_token(
        &self,
        uid: &LocationUid,
        download: TokenDownload,
    ) -> Result<DownloadedToken, PortalError> {
        self.lock().download(uid, download).ok_or_else(|| PortalError::UnknownLocation(uid.clone()))
    }

    /// Downloads the usual token once more: another year, another secret, the same location. The old one stays valid.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn renew_token(&self, uid: &LocationUid) -> Result<DownloadedToken, PortalError> {
        self.download_token(uid, TokenDownload::usual())
    }

    /// Revokes one token: 9625 from now on.
    ///
    /// # Errors
    /// [`PortalError::UnknownToken`].
    pub fn revoke_token(&self, id: TokenId) -> Result<(), PortalError> {
        let mut service = self.lock();
        let token = service.tokens.values_mut().find(|token| token.id == id);
        token.ok_or(PortalError::UnknownToken(id))?.revoked = true;
        Ok(())
    }

    /// Lets a person change the password of the account: every token that this person downloaded so far is dead, with
    /// 9625. That they die is Apple's documentation; the number is an assumption. Answers how many died.
    pub fn change_password(&self, of: &ContentManager) -> usize {
        let mut service = self.lock();
        let alive = service.tokens.values_mut().filter(|token| token.downloaded_by == *of && !token.revoked);
        alive.map(|token| token.revoked = true).count()
    }

    /// The person who downloads a location's tokens unless said otherwise.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn content_manager(&self, uid: &LocationUid) -> Result<ContentManager, PortalError> {
        Ok(self.lock().location_mut(uid)?.content_manager.clone())
    }
}
