//! The service's data centres (api.md, section 1). An SDKAppID lives in one of
//! them; asking another is the users' most frequent trouble.

/// A data centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// The only one in the kick document, and the default.
    Singapore,
    /// Mainland China.
    China,
    /// United States.
    Usa,
    /// Indonesia.
    Jakarta,
    /// South Korea.
    Seoul,
    /// Japan.
    Tokyo,
    /// Germany.
    Frankfurt,
    /// Saudi Arabia.
    Riyadh,
}

impl Region {
    /// All of them, the default first.
    pub const ALL: [Self; 8] = [
        Self::Singapore,
        Self::China,
        Self::Usa,
        Self::Jakarta,
        Self::Seoul,
        Self::Tokyo,
        Self::Frankfurt,
        Self::Riyadh,
    ];

    /// The name users type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Singapore => "singapore",
            Self::China => "china",
            Self::Usa => "usa",
            Self::Jakarta => "jakarta",
            Self::Seoul => "seoul",
            Self::Tokyo => "tokyo",
            Self::Frankfurt => "frankfurt",
            Self::Riyadh => "riyadh",
        }
    }

    /// The host that answers for it.
    pub fn domain(self) -> &'static str {
        match self {
            Self::Singapore => "adminapisgp.im.qcloud.com",
            Self::China => "console.tim.qq.com",
            Self::Usa => "adminapiusa.im.qcloud.com",
            Self::Jakarta => "adminapiidn.im.qcloud.com",
            Self::Seoul => "adminapikr.im.qcloud.com",
            Self::Tokyo => "adminapijpn.im.qcloud.com",
            Self::Frankfurt => "adminapiger.im.qcloud.com",
            Self::Riyadh => "adminapiksa.im.qcloud.com",
        }
    }

    /// Takes a name from [`Region::ALL`], as it is written there.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.name() == name)
    }

    /// The vendor's console guesses by number; good for a hint, never for a
    /// silent default.
    pub fn guess(sdkappid: u32) -> Self {
        if sdkappid < 1_400_000_000 {
            Self::Singapore
        } else {
            Self::China
        }
    }
}
