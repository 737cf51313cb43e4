package dev.architect.server.search;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.node.NodeRecord;
import dev.architect.project.Actor;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.item.Item;
import dev.architect.project.rule.ItemFilter;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.server.task.TaskTitle;
import dev.architect.task.TaskId;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The resource {@code /api/search}: finds things of several kinds by what somebody remembers of them. Only what the caller may see is found, at
 * most {@value #MOST} of a kind.
 */
public final class SearchApi {

    private static final String Q = "q";
    private static final int MOST = 20;
    private static final int MAX_CHARACTERS = 200;

    /** In how many projects items are looked for; whoever has more names the project by its key first. */
    private static final int MOST_PROJECTS = 100;

    private final Architect architect;

    /** Creates the resource. */
    public SearchApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get("search", "/api/search", Permission.ANY_LOGIN, this::search)
                .summary("Finds a task by its id, projects and items by words, and nodes by their names.")
                .query(Q, Schema.text(1, MAX_CHARACTERS), "What to look for.")
                .answer(
                        200,
                        "What was found, by kind; at most twenty of each.",
                        Schema.object()
                                .required(
                                        "hits",
                                        Schema.list(Schema.object()
                                                .required("kind", Schema.words("task", "project", "item", "node"))
                                                .required("id", Schema.text())
                                                .required("title", Schema.text())
                                                .required("path", Schema.text().described("Its page."))
                                                .open()))
                                .open()));
    }

    private void search(Context request) {
        String text = new QueryParameters(request, Set.of(Q))
                .text(Q)
                .map(String::strip)
                .filter(words -> !words.isEmpty())
                .orElseThrow(() -> ApiException.invalidParameter(Q, Q + " is missing, expected what to look for"));
        if (text.length() > MAX_CHARACTERS) {
            throw ApiException.invalidParameter(
                    Q, Q + " has " + text.length() + " characters, expected at most " + MAX_CHARACTERS);
        }
        Principal caller = AccessFilter.principal(request);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode hits = answer.putArray("hits");
        if (caller.may("tasks:r")) {
            findTask(caller, text, hits);
        }
        if (caller.may("projects:r") && architect.projects().isKept()) {
            findPlanned(caller, text, hits);
        }
        if (caller.may("nodes:r")) {
            findNodes(text, hits);
        }
        JsonResponseWriter.write(request, answer);
    }

    private void findTask(Principal caller, String text, ArrayNode hits) {
        taskId(text)
                .flatMap(architect.tasks()::find)
                .filter(task -> caller.sees(task.request().attribution().project()))
                .ifPresent(task -> add(
                        hits,
                        "task",
                        task.id().toString(),
                        TaskTitle.of(task.request()).orElse(task.request().type()),
                        "/tasks/" + task.id()));
    }

    private static Optional<TaskId> taskId(String text) {
        try {
            return Optional.of(TaskId.parse(text.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private void findPlanned(Principal caller, String text, ArrayNode hits) {
        List<Project> projects = architect.projects().list(Optional.empty(), MOST_PROJECTS).stream()
                .filter(project -> project.state() != ProjectState.DELETED && caller.sees(project.id()))
                .toList();
        projects.stream()
                .filter(project -> contains(
                        text,
                        Stream.of(
                                project.id().name(),
                                project.prefix(),
                                project.draft().title())))
                .limit(MOST)
                .forEach(project -> add(
                        hits,
                        "project",
                        project.id().name(),
                        project.draft().title(),
                        "/p/" + project.id().name() + "/board"));
        // Without terms such as kind:bug, which are for the list of one project.
        String words = text.replace(':', ' ').replace('"', ' ');
        projects.stream()
                .flatMap(project -> items(project.id(), words).stream())
                .limit(MOST)
                .forEach(item -> add(
                        hits,
                        "item",
                        item.key().toString(),
                        item.draft().title(),
                        "/p/" + item.project().name() + "/i/" + item.key()));
    }

    private List<Item> items(ProjectId project, String words) {
        // Whoever searches stands for nobody here: there is no term that asks for that.
        return architect
                .projects()
                .items()
                .list(ItemFilter.parse(architect.projects(), project, words, Actor.person("operator"))
                        .withLimit(MOST));
    }

    private void findNodes(String text, ArrayNode hits) {
        architect.nodes().list().stream()
                .filter(node ->
                        contains(text, Stream.of(node.info().name(), node.info().address())))
                .limit(MOST)
                .map(NodeRecord::info)
                .map(info -> info.name())
                .distinct()
                .forEach(name -> add(hits, "node", name, name, "/cluster"));
    }

    private static boolean contains(String text, Stream<String> names) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return names.anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(wanted));
    }

    private static void add(ArrayNode hits, String kind, String id, String title, String path) {
        hits.addObject().put("kind", kind).put("id", id).put("title", title).put("path", path);
    }
}
