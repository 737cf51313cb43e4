-- Sums by minute (grain 3) are those of the calls that began from ledger_folded.minutes_from on, the last two days.
-- Programs before this step that add up calls, from step 13 on, leave out their minutes.
-- readable from: 4

ALTER TABLE ledger_folded ADD COLUMN minutes_from bigint NOT NULL DEFAULT 0;
UPDATE ledger_folded SET minutes_from = (until + 59999999) / 60000000 * 60000000;
