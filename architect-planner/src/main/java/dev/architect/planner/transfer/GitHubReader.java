package dev.architect.planner.transfer;

import dev.architect.project.Actor;
import dev.architect.project.board.Stage;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemWeight;
import dev.architect.project.item.LinkKind;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.SourceComment;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceLink;
import dev.architect.project.transfer.SourceProject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads issues of GitHub, as its REST interface or {@code gh issue list --json} gives them: a list, or an object with the list as {@code issues} and, by
 * the number of an issue, {@code comments} and {@code dependencies}: what blocks it, as its dependencies endpoint says.
 */
final class GitHubReader {

    private static final Pattern REPOSITORY =
            Pattern.compile("https?://[^/]+/(?:repos/)?([^/]+/[^/]+?)(?:/issues/.*)?");
    private static final Pattern ISSUE = Pattern.compile(".*/issues/([0-9]{1,12})");
    private static final Set<String> KNOWN = Set.of(
            "number",
            "title",
            "body",
            "state",
            "state_reason",
            "stateReason",
            "assignees",
            "assignee",
            "user",
            "author",
            "labels",
            "milestone",
            "created_at",
            "createdAt",
            "updated_at",
            "updatedAt",
            "closed_at",
            "closedAt",
            "comments",
            "repository_url",
            "url",
            "parent_issue_url");

    private final SourceNode file;
    private final ImportOptions options;

    GitHubReader(SourceNode file, ImportOptions options) {
        this.file = file;
        this.options = options;
    }

    List<SourceProject> read() {
        List<SourceNode> rows =
                file.isList() ? file.list() : file.needed("issues").list();
        Map<String, List<SourceNode>> repositories = new LinkedHashMap<>();
        List<SourceNode> pulls = new ArrayList<>();
        for (SourceNode row : rows) {
            if (row.has("pull_request")) {
                pulls.add(row);
            } else {
                repositories
                        .computeIfAbsent(repository(row), each -> new ArrayList<>())
                        .add(row);
            }
        }
        if (repositories.isEmpty()) {
            throw new ImportException("", "issues", "none", "at least one issue that is no pull request");
        }
        List<SourceProject> projects = new ArrayList<>();
        repositories.forEach((name, issues) -> projects.add(repository(name, issues, pulls)));
        return projects;
    }

    private static String repository(SourceNode row) {
        Optional<String> url =
                row.filled("repository_url").or(() -> row.filled("html_url")).or(() -> row.filled("url"));
        if (url.isEmpty()) {
            return "";
        }
        Matcher parts = REPOSITORY.matcher(url.get());
        if (!parts.matches()) {
            throw new ImportException(row.place(), "url", "'" + url.get() + "'", "the address of an issue");
        }
        return parts.group(1);
    }

    private SourceProject repository(String name, List<SourceNode> issues, List<SourceNode> pulls) {
        boolean hasPriorities = !options.priorities().isEmpty();
        Set<String> held = new TreeSet<>(Set.of("kind", "title", "body", "assignees", "labels", "milestone"));
        if (hasPriorities) {
            held.add("priority");
        }
        if (issues.stream().anyMatch(row -> row.has("parent_issue_url"))) {
            held.add("parent");
        }
        SourceBuilder source = new SourceBuilder(
                ImportFormat.GITHUB,
                options,
                held,
                "",
                name.isEmpty() ? "GitHub issues" : name.substring(name.indexOf('/') + 1));
        pulls.forEach(row -> source.find(row.place(), "pull_request", "is no issue: it is left out"));
        Set<String> ids = new TreeSet<>();
        issues.forEach(row -> ids.add(id(name, row.needed("number").whole())));
        issues.forEach(row -> issue(source, name, row, ids));
        if (file.isObject() && file.has("dependencies")) {
            SourceNode all = file.get("dependencies").orElseThrow();
            all.names().forEach(number -> depend(source, name, ids, number, all.list(number)));
        } else {
            issues.stream()
                    .filter(row -> row.has("issue_dependencies_summary"))
                    .findFirst()
                    .ifPresent(row -> source.find(
                            row.place(),
                            "issue_dependencies_summary",
                            "has counts alone: relations are not carried over"));
        }
        return source.build();
    }

    private static String id(String repository, long number) {
        return repository + "#" + number;
    }

    private void depend(SourceBuilder source, String name, Set<String> ids, String number, List<SourceNode> blockers) {
        String own = id(name, SourceNode.of("/dependencies/" + number, number).whole());
        for (SourceNode blocker : blockers) {
            String other =
                    id(name, blocker.isObject() ? blocker.needed("number").whole() : blocker.whole());
            if (ids.contains(own) && ids.contains(other)) {
                source.add(new SourceLink(blocker.place(), other, own, LinkKind.BLOCKS));
            } else {
                source.find(blocker.place(), "", "is about an issue that is not in the file: it is left out");
            }
        }
    }

    private static Optional<Instant> time(SourceNode row, String one, String other) {
        String field = row.has(one) ? one : other;
        return row.text(field).flatMap(text -> SourceBuilder.time(row.place(), field, text));
    }

    private void issue(SourceBuilder source, String repository, SourceNode row, Set<String> ids) {
        String place = row.place();
        long number = row.needed("number").whole();
        String column = column(source, row);
        List<Optional<String>> labels = new ArrayList<>();
        int priority = ItemWeight.DEFAULT_PRIORITY;
        boolean isBug = false;
        Set<Integer> priorities = new TreeSet<>();
        for (SourceNode label : row.list("labels")) {
            String name = label.isText() ? label.text() : label.required("name");
            isBug |= name.strip().equalsIgnoreCase("bug");
            options.priority(name).ifPresent(priorities::add);
            labels.add(source.label(
                    label.place(),
                    name,
                    label.isText() ? Optional.empty() : label.filled("color"),
                    label.isText() ? "" : label.text("description").orElse("")));
        }
        if (priorities.size() > 1) {
            source.find(place, "priority", "has labels for " + priorities + ": the item has none");
        } else if (!priorities.isEmpty()) {
            priority = priorities.iterator().next();
        }
        List<Actor> assignees = new ArrayList<>();
        for (SourceNode each : row.list("assignees")) {
            source.person(each.place(), "login", each.required("login")).ifPresent(assignees::add);
        }
        ItemDraft draft = source.titled(
                        place,
                        ItemDraft.of(isBug ? ItemKind.BUG : ItemKind.FEATURE, "?"),
                        row.required("title"),
                        row.text("body").orElse(""))
                .withPriority(priority)
                .withAssignees(source.people(place, assignees));
        Optional<String> author = row.get("user").or(() -> row.get("author")).flatMap(user -> user.filled("login"));
        Map<String, Object> rest = row.except(KNOWN);
        rest.keySet().removeIf(field -> field.endsWith("_url") && !field.equals("html_url"));
        row.filled("url").filter(url -> !url.contains("://api.")).ifPresent(url -> rest.put("url", url));
        source.add(SourceBuilder.checked(
                place,
                () -> new SourceItem(
                        place,
                        id(repository, number),
                        number > 0 ? OptionalLong.of(number) : OptionalLong.empty(),
                        draft,
                        new SourceItem.References(
                                column,
                                parent(source, repository, row, ids),
                                row.get("milestone").map(milestone -> milestone(source, milestone)),
                                source.labels(place, labels)),
                        new SourceItem.Times(
                                time(row, "created_at", "createdAt"),
                                author.flatMap(login -> source.person(place, "login", login)),
                                time(row, "updated_at", "updatedAt"),
                                Optional.empty(),
                                time(row, "closed_at", "closedAt")),
                        comments(source, repository, row, number),
                        List.of(),
                        source.data(place, rest))));
    }

    private static String column(SourceBuilder source, SourceNode row) {
        String state = row.required("state").toLowerCase(Locale.ROOT);
        String reason = row.filled("state_reason")
                .or(() -> row.filled("stateReason"))
                .orElse("")
                .toLowerCase(Locale.ROOT);
        if (state.equals("open")) {
            if (!reason.isEmpty() && !reason.equals("reopened")) {
                source.find(
                        row.place(), "state_reason", "'" + reason + "' is not known for an open issue: it is ready");
            }
            return source.column(row.place(), "To do", Optional.of(Stage.READY));
        }
        if (!state.equals("closed")) {
            throw new ImportException(row.place(), "state", "'" + state + "'", "open or closed");
        }
        switch (reason) {
            case "completed", "" -> {}
            case "not_planned" -> {
                return source.column(row.place(), "Cancelled", Optional.of(Stage.CANCELLED));
            }
            case "duplicate" -> {
                source.find(
                        row.place(),
                        "state_reason",
                        "is duplicate, and the file does not say of what: it is cancelled");
                return source.column(row.place(), "Cancelled", Optional.of(Stage.CANCELLED));
            }
            default ->
                source.find(
                        row.place(),
                        "state_reason",
                        "'" + reason + "' is not known: the issue is closed, so it is done");
        }
        return source.column(row.place(), "Done", Optional.of(Stage.DONE));
    }

    private static Optional<String> parent(SourceBuilder source, String repository, SourceNode row, Set<String> ids) {
        return row.filled("parent_issue_url").flatMap(url -> {
            Matcher number = ISSUE.matcher(url);
            if (!number.matches()) {
                throw new ImportException(row.place(), "parent_issue_url", "'" + url + "'", "the address of an issue");
            }
            String id = id(repository, Long.parseLong(number.group(1)));
            if (!ids.contains(id) || !url.contains("/" + repository + "/")) {
                source.find(
                        row.place(), "parent_issue_url", "'" + url + "' is not in the file: the item has no parent");
                return Optional.empty();
            }
            return Optional.of(id);
        });
    }

    private static String milestone(SourceBuilder source, SourceNode milestone) {
        Optional<LocalDate> due = milestone
                .text("due_on")
                .or(() -> milestone.text("dueOn"))
                .flatMap(text -> SourceBuilder.day(milestone.place(), "due_on", text));
        if (milestone
                .text("state")
                .filter(state -> state.equalsIgnoreCase("closed"))
                .isPresent()) {
            source.find(milestone.place(), "state", "is closed: the milestone is planned here");
        }
        return source.milestone(
                milestone.place(),
                milestone.required("title"),
                milestone.text("description").orElse(""),
                due);
    }

    private List<SourceComment> comments(SourceBuilder source, String repository, SourceNode row, long number) {
        Optional<SourceNode> own = row.get("comments").filter(SourceNode::isList);
        Optional<SourceNode> beside = file.isObject()
                ? file.get("comments").flatMap(all -> all.get(String.valueOf(number)))
                : Optional.empty();
        Optional<SourceNode> found = own.or(() -> beside);
        if (found.isEmpty()) {
            row.get("comments")
                    .filter(count -> count.isNumber() && count.whole() > 0)
                    .ifPresent(count -> source.find(
                            count.place(), "", "is a count of " + count.whole() + ": the texts are not in the file"));
            return List.of();
        }
        List<SourceComment> comments = new ArrayList<>();
        for (SourceNode each : found.get().list()) {
            String place = each.place();
            Optional<String> body = each.filled("body");
            if (body.isEmpty()) {
                source.find(place, "body", "is empty: the comment is left out");
                continue;
            }
            String id = each.get("node_id")
                    .or(() -> each.get("id"))
                    .map(node -> node.isText() ? node.text() : String.valueOf(node.whole()))
                    .orElse(String.valueOf(comments.size() + 1));
            comments.add(new SourceComment(
                    id(repository, number) + ":" + id,
                    Optional.empty(),
                    each.get("user")
                            .or(() -> each.get("author"))
                            .flatMap(user -> user.filled("login"))
                            .flatMap(login -> source.person(place, "login", login)),
                    time(each, "created_at", "createdAt"),
                    body.get()));
        }
        return comments;
    }
}
