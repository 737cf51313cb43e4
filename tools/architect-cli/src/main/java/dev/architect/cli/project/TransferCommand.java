package dev.architect.cli.project;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.json.JsonFields;
import dev.architect.planner.transfer.ArchiveFile;
import dev.architect.planner.transfer.ImportFile;
import dev.architect.planner.transfer.ImportFormat;
import dev.architect.planner.transfer.ImportOptions;
import dev.architect.planner.transfer.ProjectCsv;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Stage;
import dev.architect.project.rule.Imports;
import dev.architect.project.transfer.ImportReport;
import dev.architect.project.transfer.ProjectArchive;
import dev.architect.store.sqlite.SqliteTables;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia project import} and {@code gaia project export}. */
final class TransferCommand {

    private TransferCommand() {}

    /** {@code gaia project import}. */
    @Command(
            name = "import",
            description = "Imports a file of another program, or an archive; again, it changes what is new there.")
    static final class ImportCommand extends PlanningCommand {

        private static final int HEAD = 16;

        @Parameters(paramLabel = "FILE", description = "The file.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(
                names = "--from",
                required = true,
                paramLabel = "FORMAT",
                description = "Whose file it is: vibe-kanban, task-master, github or architect.")
        @SuppressWarnings("NullAway.Init")
        private String from;

        @Option(names = "--into", paramLabel = "NAME", description = "The project; it is made when it is not there.")
        private @Nullable String into;

        @Option(names = "--prefix", paramLabel = "PREFIX", description = "What keys begin with in a new project.")
        private @Nullable String prefix;

        @Option(names = "--only", paramLabel = "TITLE", description = "The one project of a file with several.")
        private @Nullable String only;

        @Option(
                names = "--stage",
                paramLabel = "STATUS=STAGE",
                description = "What a status means: backlog, ready, active, review, done or cancelled.")
        private Map<String, String> stages = new LinkedHashMap<>();

        @Option(
                names = "--priority",
                paramLabel = "WORD=0..9",
                description = "What a word, or a label of GitHub, means; 0 is the most urgent.")
        private Map<String, Integer> priorities = new LinkedHashMap<>();

        @Option(
                names = "--complexity",
                paramLabel = "FILE",
                description = "The report of complexities that task-master has written.")
        private @Nullable Path complexity;

        @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
        private boolean isDry;

        ImportCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ImportFormat format = checked(() -> ImportFormat.parse(from));
            Map<String, Stage> known = new LinkedHashMap<>();
            stages.forEach((name, word) ->
                    known.put(name, checked(() -> ImportOptions.stage("--stage " + name, word))));
            ImportOptions options = checked(() -> new ImportOptions(
                    Optional.ofNullable(into).map(ProjectId::new),
                    Optional.ofNullable(prefix).map(text -> text.toUpperCase(Locale.ROOT)),
                    Optional.ofNullable(only),
                    known,
                    priorities,
                    ImportOptions.MOST_BYTES));
            ImportFile read = checked(() -> read(format, options));
            List<ImportReport> reports = operate(architect ->
                    isDry ? read.preview(architect.projects(), actor()) : read.run(architect.projects(), actor()));
            reports.forEach(this::print);
            return 0;
        }

        private ImportFile read(ImportFormat format, ImportOptions options) {
            if (format == ImportFormat.VIBE_KANBAN && ImportFile.isSqlite(head(file))) {
                return ImportFile.tables(
                        SqliteTables.read(file, Set.of("projects", "tasks", "tags"), Imports.MOST_ITEMS), options);
            }
            byte[] content = whole(file, options.maxBytes());
            return format == ImportFormat.TASK_MASTER && complexity != null
                    ? ImportFile.taskMaster(content, whole(complexity, options.maxBytes()), options)
                    : ImportFile.read(format, content, options);
        }

        private static byte[] head(Path file) {
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(HEAD);
            } catch (IOException unreadable) {
                throw new CommandFailure("file is " + file + ", expected one that can be read", unreadable);
            }
        }

        /** The bytes of a file; of one that is too large as many as show that it is. */
        private static byte[] whole(Path file, long most) {
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes((int) most + 1);
            } catch (IOException unreadable) {
                throw new CommandFailure("file is " + file + ", expected one that can be read", unreadable);
            }
        }

        private void print(ImportReport report) {
            String verb = isDry ? "would be" : "were";
            print("project " + report.project() + " (" + report.prefix() + ")"
                    + (report.isNew() ? (isDry ? " would be new" : " is new") : " was there") + ": "
                    + report.items().added() + " items " + verb + " added, "
                    + report.items().changed() + " changed, " + report.items().same() + " the same, "
                    + report.items().gone() + " deleted here");
            ImportReport.Added added = report.added();
            print("  " + added.columns() + " columns, " + added.labels() + " labels, " + added.milestones()
                    + " milestones, " + added.links() + " links, " + added.comments() + " comments, " + added.files()
                    + " files " + verb + " added");
            report.findings().forEach(finding -> print("  " + finding));
            if (report.findingsInAll() > report.findings().size()) {
                print("  … " + report.findingsInAll() + " findings in all");
            }
        }
    }

    /** {@code gaia project export}. */
    @Command(
            name = "export",
            description = "Writes a project as an archive, which loses nothing, or its items as a table.")
    static final class ExportCommand extends PlanningCommand {

        @Parameters(paramLabel = "NAME", description = "The name of the project.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--to",
                paramLabel = "FORMAT",
                description = "architect for an archive, csv for a table; ${DEFAULT-VALUE} by default.")
        private String to = "architect";

        @Option(names = "--out", paramLabel = "FILE", description = "A new file; NAME.zip or NAME.csv by default.")
        private @Nullable Path out;

        ExportCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ProjectId id = checked(() -> new ProjectId(name));
            if (!Set.of("architect", "csv").contains(to)) {
                throw new CommandFailure("--to is '" + JsonFields.shorten(to) + "', expected architect or csv");
            }
            boolean isCsv = to.equals("csv");
            Path target = out == null ? Path.of(name + (isCsv ? ".csv" : ".zip")) : out;
            operate(architect -> {
                if (isCsv) {
                    architect.projects().get(id);
                    StringBuilder csv = new StringBuilder();
                    write(() -> ProjectCsv.write(architect.projects(), id, csv), target);
                    write(target, file -> file.write(csv.toString().getBytes(StandardCharsets.UTF_8)));
                } else {
                    ProjectArchive archive = architect.projects().imports().export(id, ImportOptions.MOST_BYTES);
                    write(target, file -> ArchiveFile.write(archive, file));
                    archive.findings().forEach(finding -> terminal.err().println(finding));
                }
                return true;
            });
            print("project " + id + " is in " + target);
            return 0;
        }

        private interface Writing {
            void run() throws IOException;
        }

        private interface Content {
            void writeTo(OutputStream file) throws IOException;
        }

        private static void write(Path target, Content content) {
            write(
                    () -> {
                        try (OutputStream file = new BufferedOutputStream(
                                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW))) {
                            content.writeTo(file);
                        }
                    },
                    target);
        }

        private static void write(Writing writing, Path target) {
            try {
                writing.run();
            } catch (FileAlreadyExistsException there) {
                throw new CommandFailure("--out is " + target + ", which exists, expected a new file", there);
            } catch (IOException failed) {
                throw new CommandFailure("--out is " + target + ", expected a file that can be written", failed);
            }
        }
    }
}
