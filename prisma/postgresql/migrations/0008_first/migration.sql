-- Tallies of results hold more from now on: they are counted again at the next start. A published copy that is up to date
-- may be renewed at once, as nobody can be told from the difference; this number of people makes it due. The others wait
-- until enough people have come or gone, as ever.
UPDATE "Snapshot" SET "people" = -1000000000
WHERE "kind" = 'results' AND EXISTS (
    SELECT 1 FROM "Tally"
    WHERE "Tally"."kind" = "Snapshot"."kind"
    AND "Tally"."questionnaireVersion" = "Snapshot"."questionnaireVersion"
    AND "Tally"."month" = "Snapshot"."month"
    AND "Tally"."groupId" = "Snapshot"."groupId"
    AND "Tally"."counts" = "Snapshot"."counts"
);

DELETE FROM "Tally" WHERE "kind" = 'results';
