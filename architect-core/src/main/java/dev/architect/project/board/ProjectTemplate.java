package dev.architect.project.board;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a project begins with. Immutable.
 *
 * @param name its word, which no project can be mistaken for once it is written as {@link #of(ProjectId)} says
 * @param description one sentence for whoever chooses
 * @param columns the columns of the board, in their order
 * @param labels the labels
 * @param fields the custom fields
 * @param views the saved views, which everybody sees
 */
public record ProjectTemplate(
        String name,
        String description,
        List<ColumnDraft> columns,
        List<LabelDraft> labels,
        List<FieldDraft> fields,
        List<ViewDraft> views) {

    /** What projects are made from when nothing is asked for: Backlog, To do, In progress, In review, Done and a hidden Cancelled. */
    public static final ProjectTemplate BOARD = new ProjectTemplate(
            "board",
            "Six columns from Backlog to Done; nothing else.",
            List.of(
                    ColumnDraft.of("Backlog", Stage.BACKLOG),
                    ColumnDraft.of("To do", Stage.READY),
                    ColumnDraft.of("In progress", Stage.ACTIVE),
                    ColumnDraft.of("In review", Stage.REVIEW),
                    ColumnDraft.of("Done", Stage.DONE),
                    hidden("Cancelled")),
            List.of(),
            List.of(),
            List.of());

    private static final String PROJECT = "project:";
    private static final List<ProjectTemplate> BUILT_IN = List.of(BOARD, simple(), software(), support());

    /** Copies the lists. */
    public ProjectTemplate {
        Check.notBlank("name", name);
        Check.notBlank("description", description);
        columns = List.copyOf(Check.noNulls("columns", columns));
        labels = List.copyOf(Check.noNulls("labels", labels));
        fields = List.copyOf(Check.noNulls("fields", fields));
        views = List.copyOf(Check.noNulls("views", views));
    }

    /** Returns the built-in ones, the default first. */
    public static List<ProjectTemplate> builtIn() {
        return BUILT_IN;
    }

    /** Returns the built-in one of a name; empty when there is none. */
    public static Optional<ProjectTemplate> named(String name) {
        Check.notNull("name", name);
        return BUILT_IN.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Returns how another project is named as a template: {@code project:web}. */
    public static String of(ProjectId project) {
        return PROJECT + Check.notNull("project", project);
    }

    /** Returns the name of the project that a template is; empty when it is written as a built-in one. */
    public static Optional<String> projectOf(String template) {
        return Check.notNull("template", template).startsWith(PROJECT)
                ? Optional.of(template.substring(PROJECT.length()))
                : Optional.empty();
    }

    private static ProjectTemplate simple() {
        return new ProjectTemplate(
                "simple",
                "To do, Doing, Done; for one person or a small thing.",
                List.of(
                        ColumnDraft.of("To do", Stage.READY),
                        ColumnDraft.of("Doing", Stage.ACTIVE).withWipLimit(3),
                        ColumnDraft.of("Done", Stage.DONE),
                        hidden("Cancelled")),
                List.of(),
                List.of(),
                List.of());
    }

    private static ProjectTemplate software() {
        return new ProjectTemplate(
                "software",
                "Limits on work in progress and in review, labels, a field for the component, views of bugs and of what is blocked.",
                List.of(
                        ColumnDraft.of("Backlog", Stage.BACKLOG),
                        ColumnDraft.of("To do", Stage.READY),
                        ColumnDraft.of("In progress", Stage.ACTIVE).withWipLimit(5),
                        ColumnDraft.of("In review", Stage.REVIEW).withWipLimit(5),
                        ColumnDraft.of("Done", Stage.DONE),
                        hidden("Cancelled")),
                List.of(
                        new LabelDraft("documentation", "#0969da", "What people read"),
                        new LabelDraft("performance", "#9a6700", "Time, memory, cost"),
                        new LabelDraft("security", "#cf222e", "Handle before all else"),
                        new LabelDraft("tests", "#1a7f37", "What proves it"),
                        new LabelDraft("technical debt", "#6e7781", "Works, and costs more each month")),
                List.of(new FieldDraft("Component", FieldKind.TEXT, List.of())),
                List.of(
                        new ViewDraft("Bugs", "kind:bug", ViewDraft.Layout.TABLE, true),
                        new ViewDraft("Blocked", "is:blocked", ViewDraft.Layout.TABLE, true),
                        new ViewDraft("Mine", "assignee:me", ViewDraft.Layout.BOARD, true)));
    }

    private static ProjectTemplate support() {
        return new ProjectTemplate(
                "support",
                "Reports from Triage to Fixed, with who reported them and where.",
                List.of(
                        ColumnDraft.of("Triage", Stage.BACKLOG),
                        ColumnDraft.of("Confirmed", Stage.READY),
                        ColumnDraft.of("Fixing", Stage.ACTIVE).withWipLimit(5),
                        ColumnDraft.of("Verifying", Stage.REVIEW),
                        ColumnDraft.of("Fixed", Stage.DONE),
                        hidden("Rejected")),
                List.of(
                        new LabelDraft("cannot reproduce", "#9a6700", "Needs steps that lead there"),
                        new LabelDraft("regression", "#cf222e", "It worked before"),
                        new LabelDraft("waiting for customer", "#6e7781", "An answer is owed to us")),
                List.of(
                        new FieldDraft("Customer", FieldKind.TEXT, List.of()),
                        new FieldDraft("Version", FieldKind.TEXT, List.of()),
                        new FieldDraft("Channel", FieldKind.CHOICE, List.of("mail", "chat", "phone", "site"))),
                List.of(
                        new ViewDraft("Critical", "severity:critical,major", ViewDraft.Layout.TABLE, true),
                        new ViewDraft("Mine", "assignee:me", ViewDraft.Layout.BOARD, true)));
    }

    private static ColumnDraft hidden(String title) {
        return new ColumnDraft(title, Stage.CANCELLED, true, OptionalInt.empty(), Optional.empty());
    }
}
