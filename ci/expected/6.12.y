# SPDX-License-Identifier: GPL-2.0-only
# Cases that are skipped with the series on 6.12.y; * is every filesystem.
# `ci/quirks check` compares them with the quirks.
A12.AFilesystemThatStoppedForAnErrorAnswersAsPlain/ext4/overlay
A12.AFilesystemThatStoppedForAnErrorAnswersAsPlain/ext4/plain
A12.ErrorOfTheBlockDeviceIsReturned/btrfs/overlay
A12.ErrorOfTheBlockDeviceIsReturned/btrfs/plain
A12.RecordedErrorAndShutDownAnswerAsPlain/btrfs/overlay
A12.RecordedErrorAndShutDownAnswerAsPlain/btrfs/plain
A12.ShutDownFilesystemAnswersAsPlain/btrfs/overlay
A12.ShutDownFilesystemAnswersAsPlain/btrfs/plain
A12.ShutDownFilesystemAnswersAsPlain/ext4/overlay
A12.ShutDownFilesystemAnswersAsPlain/ext4/plain
A12.TheErrorOfTheSyncWinsAndTheCursorAdvances/btrfs/overlay
A12.TheErrorOfTheSyncWinsAndTheCursorAdvances/btrfs/plain
A14.ATimeoutIsReportedAsSuch/btrfs/overlay
A14.ATimeoutIsReportedAsSuch/btrfs/plain
A14.EachErrorInItsTurn/btrfs/overlay
A14.EachErrorInItsTurn/btrfs/plain
A14.FullPoolIsReportedAsSuch/btrfs/overlay
A14.FullPoolIsReportedAsSuch/btrfs/plain
A14.LateOpenerGetsTheRecordedErrno/btrfs/overlay
A14.LateOpenerGetsTheRecordedErrno/btrfs/plain
A14.TheLatestErrorWins/btrfs/overlay
A14.TheLatestErrorWins/btrfs/plain
A14.TheLatestErrorWinsTheOtherWayRound/btrfs/overlay
A14.TheLatestErrorWinsTheOtherWayRound/btrfs/plain
A14.TheSameErrnoAgainIsANewError/btrfs/overlay
A14.TheSameErrnoAgainIsANewError/btrfs/plain
A19.IdmappedMountOfTheSubject/*/overlay
B5.TheErrnoIsEio/btrfs/volatile
B6.APlainVolatileOverlayGoesOn/*/volatile
V4.UpperThatWasShutDownIsNoError/btrfs/volatile
V4.UpperThatWasShutDownIsNoError/ext4/volatile
V5.CopyingUpALargeFileSyncsNothing/xfs/volatile
V5.FsyncStrictSyncsMetadataAtCopyUp/btrfs/volatile
V5.FsyncVolatileFailstopIsVolatile/*/volatile
V6.TheStickyErrorComesBeforeTheRecordedOne/btrfs/volatile
