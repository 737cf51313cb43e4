package dev.architect.project.transfer;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import java.util.List;

/**
 * What an import does, or would do.
 *
 * @param project the project
 * @param prefix what the keys of its items begin with
 * @param isNew whether it makes the project
 * @param items what becomes of the items of the source
 * @param added what else is added
 * @param findings what a person should know, at most {@value #MOST_FINDINGS}
 * @param findingsInAll how many there are
 */
public record ImportReport(
        ProjectId project,
        String prefix,
        boolean isNew,
        Items items,
        Added added,
        List<ImportFinding> findings,
        long findingsInAll) {

    /** The most findings that are named. */
    public static final int MOST_FINDINGS = 1_000;

    /**
     * What becomes of the items of the source.
     *
     * @param added are new here
     * @param changed were here, and have changed in the source
     * @param same were here, and need no change
     * @param gone were here, and were deleted or moved to another project
     */
    public record Items(long added, long changed, long same, long gone) {

        /** Checks every count. */
        public Items {
            Check.notNegative("added", added);
            Check.notNegative("changed", changed);
            Check.notNegative("same", same);
            Check.notNegative("gone", gone);
        }
    }

    /**
     * What else is added.
     *
     * @param columns columns of the board
     * @param labels labels
     * @param milestones milestones
     * @param links relations, parents not included
     * @param comments comments
     * @param files attachments
     */
    public record Added(long columns, long labels, long milestones, long links, long comments, long files) {

        /** Nothing. */
        public static final Added NOTHING = new Added(0, 0, 0, 0, 0, 0);

        /** Checks every count. */
        public Added {
            Check.notNegative("columns", columns);
            Check.notNegative("labels", labels);
            Check.notNegative("milestones", milestones);
            Check.notNegative("links", links);
            Check.notNegative("comments", comments);
            Check.notNegative("files", files);
        }
    }

    /** Cuts the findings and checks every field. */
    public ImportReport {
        Check.notNull("project", project);
        Check.notNull("prefix", prefix);
        Check.notNull("items", items);
        Check.notNull("added", added);
        List<ImportFinding> all = Check.noNulls("findings", findings);
        findings = List.copyOf(all.subList(0, Math.min(all.size(), MOST_FINDINGS)));
        Check.notNegative("findingsInAll", findingsInAll);
    }

    /** Whether it changes anything. */
    public boolean isChange() {
        return isNew || items.added() > 0 || items.changed() > 0 || !added.equals(Added.NOTHING);
    }
}
