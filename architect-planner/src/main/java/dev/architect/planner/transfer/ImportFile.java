package dev.architect.planner.transfer;

import dev.architect.json.JsonFields;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.project.Actor;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.rule.Projects;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportReport;
import dev.architect.project.transfer.ImportTarget;
import dev.architect.project.transfer.ProjectArchive;
import dev.architect.project.transfer.SourceProject;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file that was read and can be imported. A file holds one archive or several projects of another program. Every project is one transaction, and none
 * begins before all have been tried: what is refused leaves nothing behind.
 */
public final class ImportFile {

    private static final byte[] SQLITE = {'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f', 'o', 'r', 'm', 'a', 't', ' ', '3'};
    private static final int MOST_PROJECTS = 100;

    private final ImportOptions options;
    private final Optional<ProjectArchive> archive;
    private final List<SourceProject> sources;

    private ImportFile(ImportOptions options, Optional<ProjectArchive> archive, List<SourceProject> sources) {
        this.options = options;
        this.archive = archive;
        this.sources = sources;
    }

    /** Whether a file is one of SQLite, of which {@link #tables} takes the rows. */
    public static boolean isSqlite(byte[] start) {
        ArgumentCheck.notNull("start", start);
        for (int i = 0; i < SQLITE.length; i++) {
            if (start.length <= i || start[i] != SQLITE[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads {@code tasks.json} of task-master with its report of complexities, which is a file of its own.
     *
     * @throws ImportException when one of them is not of the format, too large, or breaks a rule
     */
    public static ImportFile taskMaster(byte[] tasks, byte[] report, ImportOptions options) {
        requireSize(ArgumentCheck.notNull("tasks", tasks), ArgumentCheck.notNull("options", options));
        requireSize(ArgumentCheck.notNull("report", report), options);
        return of(
                options,
                new TaskMasterReader(SourceNode.parse(tasks), options)
                        .with(SourceNode.parse(report))
                        .read());
    }

    private static void requireSize(byte[] content, ImportOptions options) {
        if (content.length == 0 || content.length > options.maxBytes()) {
            throw new ImportException("", "size", content.length + " bytes", "1.." + options.maxBytes());
        }
    }

    /**
     * Reads a file.
     *
     * @throws ImportException when it is not of the format, too large, or breaks a rule
     */
    public static ImportFile read(ImportFormat format, byte[] content, ImportOptions options) {
        ArgumentCheck.notNull("format", format);
        ArgumentCheck.notNull("content", content);
        ArgumentCheck.notNull("options", options);
        requireSize(content, options);
        return switch (format) {
            case ARCHITECT ->
                new ImportFile(options, Optional.of(ArchiveFile.read(content, options.maxBytes())), List.of());
            case VIBE_KANBAN ->
                of(
                        options,
                        ZipEntries.isZip(content)
                                ? new KanbanZipReader(ZipEntries.read(content, options.maxBytes()), options).read()
                                : new KanbanRowsReader(SourceNode.parse(content), options).read());
            case TASK_MASTER -> of(options, new TaskMasterReader(SourceNode.parse(content), options).read());
            case GITHUB -> of(options, new GitHubReader(SourceNode.parse(content), options).read());
        };
    }

    /**
     * Reads the rows of Vibe Kanban's local SQLite file.
     *
     * @param tables the rows of {@code projects}, {@code tasks} and {@code tags}: numbers, texts and bytes by the names of columns
     * @throws ImportException when they break a rule
     */
    public static ImportFile tables(Map<String, List<Map<String, Object>>> tables, ImportOptions options) {
        ArgumentCheck.noNulls("tables", tables);
        ArgumentCheck.notNull("options", options);
        return of(options, new KanbanTablesReader(tables, options).read());
    }

    private static ImportFile of(ImportOptions options, List<SourceProject> all) {
        List<String> titles = all.stream().map(each -> each.draft().title()).toList();
        List<SourceProject> chosen = options.only().isEmpty()
                ? all
                : all.stream()
                        .filter(each ->
                                each.draft().title().equals(options.only().get()))
                        .toList();
        if (chosen.isEmpty()) {
            throw new ImportException("", "only", "'" + options.only().orElse("") + "'", "one of " + titles);
        }
        if (chosen.size() > 1 && (options.into().isPresent() || options.prefix().isPresent())) {
            throw new ImportException(
                    "", "projects", String.valueOf(titles), "one, which 'only' names, when it goes into one project");
        }
        if (chosen.size() > MOST_PROJECTS) {
            throw new ImportException("", "projects", String.valueOf(chosen.size()), "at most " + MOST_PROJECTS);
        }
        return new ImportFile(options, Optional.empty(), chosen);
    }

    /** The projects of another program that it holds; none for an archive. */
    public List<SourceProject> projects() {
        return sources;
    }

    /**
     * Returns what {@link #run} would do; nothing is changed.
     *
     * @throws ImportException when the file breaks a rule
     * @throws dev.architect.project.PlanningException when a project refuses it
     */
    public List<ImportReport> preview(Projects projects, Actor by) {
        ArgumentCheck.notNull("projects", projects);
        ArgumentCheck.notNull("by", by);
        if (archive.isPresent()) {
            return List.of(projects.imports().previewRestore(archive.get(), target(projects, archive.get())));
        }
        List<ImportReport> reports = new ArrayList<>();
        List<ImportTarget> targets = targets(projects);
        for (int i = 0; i < sources.size(); i++) {
            reports.add(projects.imports().preview(sources.get(i), targets.get(i), by));
        }
        return reports;
    }

    /**
     * Imports all it holds.
     *
     * @param by who has it done
     * @throws ImportException when the file breaks a rule
     * @throws dev.architect.project.PlanningException when a project refuses it
     */
    public List<ImportReport> run(Projects projects, Actor by) {
        ArgumentCheck.notNull("projects", projects);
        ArgumentCheck.notNull("by", by);
        if (archive.isPresent()) {
            return List.of(projects.imports().restore(archive.get(), target(projects, archive.get())));
        }
        List<ImportTarget> targets = targets(projects);
        if (sources.size() > 1) {
            for (int i = 0; i < sources.size(); i++) {
                projects.imports().preview(sources.get(i), targets.get(i), by);
            }
        }
        List<ImportReport> reports = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            reports.add(projects.imports().run(sources.get(i), targets.get(i), by));
        }
        return reports;
    }

    private Optional<ImportTarget> target(Projects projects, ProjectArchive read) {
        if (options.into().isEmpty() && options.prefix().isEmpty()) {
            return Optional.empty();
        }
        JsonFields own = JsonFields.parse(read.lines("project").stream()
                .findFirst()
                .orElseThrow(() -> new ImportException("project.jsonl", "lines", "0", "one project")));
        ProjectId id = options.into().orElseGet(() -> new ProjectId(own.requiredText("key")));
        return Optional.of(new ImportTarget(
                id,
                options.prefix()
                        .or(() -> projects.find(id).map(Project::prefix))
                        .orElseGet(() -> own.requiredText("prefix"))));
    }

    private List<ImportTarget> targets(Projects projects) {
        List<ImportTarget> targets = new ArrayList<>();
        Set<ProjectId> names = new HashSet<>();
        Set<String> prefixes = new HashSet<>();
        sources.forEach(source -> source.prefix().ifPresent(prefixes::add));
        for (SourceProject source : sources) {
            ProjectId id = options.into().orElseGet(() -> name(source));
            if (!names.add(id)) {
                throw new ImportException(
                        "",
                        "projects",
                        "'" + source.draft().title() + "'",
                        "titles that give different names, not " + id + " twice; take one out of the file with 'only'");
            }
            String prefix = options.prefix()
                    .or(() -> projects.find(id).map(Project::prefix))
                    .or(source::prefix)
                    .orElseGet(() -> prefix(id, prefixes));
            boolean isTwice = targets.stream().anyMatch(each -> each.prefix().equals(prefix));
            if (isTwice) {
                throw new ImportException(
                        "",
                        "prefix",
                        "'" + prefix + "' for two projects",
                        "one each; take one out of the file with 'only'");
            }
            prefixes.add(prefix);
            targets.add(new ImportTarget(id, prefix));
        }
        return targets;
    }

    /** A title in the form of a name. */
    private static ProjectId name(SourceProject source) {
        String plain = Normalizer.normalize(source.draft().title(), Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        if (plain.isEmpty()) {
            throw new ImportException(
                    "",
                    "title",
                    "'" + source.draft().title() + "'",
                    "one with letters or digits, or the name of a project");
        }
        return new ProjectId(plain.substring(0, Math.min(63, plain.length())));
    }

    /** The first letters of a name, with another one behind when a project of the file has them already. */
    private static String prefix(ProjectId id, Set<String> taken) {
        String letters = id.name().replaceAll("[^a-z]", "").toUpperCase(Locale.ROOT);
        String prefix = letters.substring(0, Math.min(3, letters.length()));
        if (!SourceBuilder.isPrefix(prefix)) {
            throw new ImportException("", "prefix", "'" + prefix + "'", "2 to 6 letters, or a prefix that is stated");
        }
        String free = prefix;
        for (char letter = 'A'; taken.contains(free) && letter <= 'Z'; letter++) {
            free = prefix + letter;
        }
        return free;
    }
}
