package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportReport;
import dev.architect.project.transfer.ImportTarget;
import dev.architect.project.transfer.ProjectArchive;
import dev.architect.project.transfer.SourceProject;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Carries projects in from other programs and stores, and out. An import is one transaction: what is refused leaves nothing behind. It is
 * recognised again by the origin of its items, so a second run changes only what the source has changed since and nobody has edited here. Methods
 * block for the store; safe for use by several threads.
 */
public final class Imports {

    /** The most items of one import. */
    public static final int MOST_ITEMS = 200_000;

    /** The most attachments of one import. */
    public static final int MOST_FILES = 1_000;

    private final Planning planning;

    Imports(Planning planning) {
        this.planning = planning;
    }

    /** Ends a preview; what was written until then is undone. */
    private static final class Undone extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient ImportReport report;

        private Undone(ImportReport report) {
            super("a preview is undone", null, false, false);
            this.report = report;
        }
    }

    /**
     * Returns what {@link #run} would do; nothing is changed.
     *
     * @throws ImportException when the source breaks a rule
     * @throws dev.architect.project.PlanningException when the project refuses it
     */
    public ImportReport preview(SourceProject source, ImportTarget target, Actor by) {
        return undone(Check.notNull("target", target).project(), rows -> carry(rows, source, target, by));
    }

    /**
     * Carries a project in: into one that is there, or one that it makes.
     *
     * @param by who has it done; what it changes is by the format
     * @throws ImportException when the source breaks a rule
     * @throws dev.architect.project.PlanningException when the project refuses it
     */
    public ImportReport run(SourceProject source, ImportTarget target, Actor by) {
        return done(Check.notNull("target", target).project(), rows -> carry(rows, source, target, by));
    }

    private ImportReport carry(ProjectRows rows, SourceProject source, ImportTarget target, Actor by) {
        return new ImportRun(rows, Check.notNull("source", source), target, Check.notNull("by", by), planning.now())
                .run();
    }

    /**
     * Returns everything that the store keeps of a project, but for its tasks and what they cost. It is held in memory.
     *
     * @param maxContentBytes the most bytes of all attachments together
     * @throws dev.architect.project.PlanningException when there is none of that name
     */
    public ProjectArchive export(ProjectId project, long maxContentBytes) {
        Check.notNull("project", project);
        Check.notNegative("maxContentBytes", maxContentBytes);
        return planning.read(
                reads -> new ArchiveWriter(reads, Planning.require(reads, project), maxContentBytes).write());
    }

    /**
     * Returns what {@link #restore} would do; nothing is changed.
     *
     * @throws ImportException when the archive breaks a rule
     * @throws dev.architect.project.PlanningException when name or prefix is taken
     */
    public ImportReport previewRestore(ProjectArchive archive, Optional<ImportTarget> target) {
        ImportTarget into = Check.notNull("target", target)
                .orElseGet(() -> ArchiveReader.target(Check.notNull("archive", archive)));
        return undone(into.project(), rows -> new ArchiveReader(rows, Check.notNull("archive", archive), into).read());
    }

    /**
     * Makes a project that is as the one of the archive. One that is there already and is the same stays as it is.
     *
     * @param target another name and prefix; empty for those of the archive
     * @throws ImportException when the archive breaks a rule
     * @throws dev.architect.project.PlanningException when name or prefix is taken
     */
    public ImportReport restore(ProjectArchive archive, Optional<ImportTarget> target) {
        ImportTarget into = Check.notNull("target", target)
                .orElseGet(() -> ArchiveReader.target(Check.notNull("archive", archive)));
        return done(into.project(), rows -> new ArchiveReader(rows, Check.notNull("archive", archive), into).read());
    }

    private ImportReport done(ProjectId project, Function<ProjectRows, ImportReport> run) {
        return planning.store().change(Set.of(project, Planning.ALL), rows -> run.apply(rows));
    }

    private ImportReport undone(ProjectId project, Function<ProjectRows, ImportReport> run) {
        try {
            return planning.store().change(Set.of(project, Planning.ALL), rows -> {
                throw new Undone(run.apply(rows));
            });
        } catch (Undone preview) {
            return preview.report;
        }
    }
}
