package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.RolePermissions;
import dev.architect.access.SecretDigest;
import dev.architect.project.Actor;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.server.operation.Operation;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import io.javalin.http.HandlerType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An agent whose token is for some projects neither sees nor changes anything of another one, by any operation. A new operation is covered
 * without a change here.
 */
final class ServerProjectScopeTest {

    /** What is about no project, or filed under the project that the caller states. */
    private static final Set<String> OPEN_AREAS =
            Set.of("gateway", "self", "metrics", "nodes", "providers", "queues", "sessions");

    /** Of these the agent gets what is of its projects, or makes something there. */
    private static final Set<String> FILTERED = Set.of("listProjects");

    /** What the server has built in, the same for everybody. */
    private static final Set<String> BUILT_IN = Set.of("listProjectTemplates");

    private static ServerFixture fixture;
    private static ContractRequests requests;
    private static String secret;
    private static String everything;

    @BeforeAll
    static void open() {
        fixture = new ServerFixture();
        requests = new ContractRequests(fixture);
        for (String name : new String[] {"shop", "blog"}) {
            fixture.architect
                    .projects()
                    .create(
                            new ProjectId(name),
                            name.toUpperCase(Locale.ROOT),
                            ProjectDraft.of(name),
                            new Actor(Actor.Kind.PERSON, "ada"));
        }
        secret = agent("limited", Set.of(new ProjectId("shop")));
        everything = agent("everything", Set.of());
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    /** A token with every scope that a token may have. */
    private static String agent(String name, Set<ProjectId> projects) {
        Set<String> scopes = fixture.server.operations().stream()
                .map(each -> each.permission().name())
                .filter(each -> each.contains(":") && RolePermissions.isForAgents(each))
                .collect(Collectors.toCollection(HashSet::new));
        AccessStore store = fixture.architect.access().orElseThrow();
        String made = AgentToken.PREFIX + SecretDigest.of(name);
        Instant now = TimeSource.system().wallTime();
        store.addToken(new AgentToken(
                name,
                SecretDigest.of(made),
                "user:ada",
                scopes,
                projects,
                Optional.empty(),
                new AgentToken.Life(now, now.plusSeconds(3600), Optional.empty())));
        return made;
    }

    private static HttpResponse<String> send(String token, String method, ContractRequests.Sent sent) {
        HttpRequest.Builder request = fixture.anonymous(sent.path()).header("Authorization", "Bearer " + token);
        sent.headers().forEach((name, value) -> {
            if (!Set.of("Cookie", "Sec-Fetch-Site").contains(name)) {
                request.header(name, value);
            }
        });
        String body = sent.body();
        return fixture.send(
                request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(String token, String method, String path, String body) {
        return send(
                token,
                method,
                body.isEmpty() ? ContractRequests.Sent.to(path) : ContractRequests.Sent.json(path, body));
    }

    static Stream<Operation> guarded() {
        return fixture.server.operations().stream()
                .filter(each -> each.permission().name().contains(":"))
                .filter(each -> RolePermissions.isForAgents(each.permission().name()));
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void whatIsOfAnotherProjectIsNotThere(Operation operation) {
        // The requests of the contract are about projects of their own, or about all.
        HttpResponse<String> answer =
                send(secret, operation.method().name(), requests.of(operation.id(), operation.path()));

        String area = operation.permission().area();
        boolean isShared = BUILT_IN.contains(operation.id())
                || Set.of("gateway", "self").contains(area)
                || (OPEN_AREAS.contains(area) && operation.method().equals(HandlerType.GET));
        if (FILTERED.contains(operation.id())) {
            assertThat(fixture.json(answer).get("items").findValuesAsText("key"))
                    .containsExactly("shop");
        } else if (!isShared) {
            assertThat(answer.statusCode()).as(answer.body()).isIn(403, 404);
            assertThat(fixture.json(answer).get("code").textValue()).isIn("forbidden", "not-found");
        }
    }

    @Test
    void theLivePagesOfAllProjectsAreNotOpenedForIt() {
        assertThatThrownBy(() -> open(secret))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(403));
        open(everything).abort();
    }

    private static WebSocket open(String token) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(
                        URI.create(fixture.server.url().replace("http", "ws") + "/ws/live"),
                        new WebSocket.Listener() {})
                .join();
    }

    @Test
    void whatIsOfItsProjectIsReadAndChanged() {
        String item = fixture.json(send(secret, "POST", "/api/projects/shop/items", "{'title':'Login'}"))
                .get("id")
                .textValue();
        HttpResponse<String> task = send(secret, "POST", "/api/tasks", "{'prompt':'x','project':'shop','delay':'1h'}");
        String id = fixture.json(task).get("id").textValue();

        for (String path : new String[] {
            "/api/projects/shop",
            "/api/projects/shop/items",
            "/api/projects/shop/board",
            "/api/items/" + item,
            "/api/items/" + item + "/comments",
            "/api/views?project=shop",
            "/api/tasks/" + id,
            "/api/tasks/" + id + "/attempts",
            "/api/tasks/outcomes?ids=" + id
        }) {
            HttpResponse<String> answer = send(secret, "GET", path, "");
            assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        }
        JsonNode listed = fixture.json(send(secret, "GET", "/api/tasks?project=shop", ""));
        assertThat(listed.get("tasks").findValuesAsText("id")).contains(id);
        assertThat(send(secret, "POST", "/api/items/" + item + "/comments", "{'body':'Why?'}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(send(secret, "POST", "/api/tasks/" + id + "/cancel", "").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /api/tasks | '' | 403",
                "GET | /api/tasks?project=blog | '' | 404",
                "GET | /api/tasks?q=project:blog | '' | 403",
                "GET | /api/tasks/TASK | '' | 404",
                "POST | /api/tasks/TASK/cancel | '' | 404",
                "POST | /api/tasks/TASK/edit | {'priority':1} | 404",
                "GET | /api/tasks/outcomes?ids=TASK | '' | 404",
                "POST | /api/tasks | {'prompt':'x','project':'blog'} | 403",
                "POST | /api/tasks | {'prompt':'x'} | 403",
                "POST | /api/tasks | {'prompt':'x','project':'shop','parents':[{'task':'TASK'}]} | 404",
                "POST | /api/tasks/bulk | {'filter':'project:shop','action':'cancel'} | 403",
                "GET | /api/items/BLOG-1 | '' | 404",
                "POST | /api/items/BLOG-1/move | {'column':'Done'} | 404",
                "PUT | /api/items/SHOP-1/links/blocks/BLOG-1 | '' | 404",
                "GET | /api/projects/blog/items | '' | 404",
                "POST | /api/projects/blog/items | {'title':'x'} | 404",
                "POST | /api/projects | {'key':'new','prefix':'NEW','title':'x'} | 404",
                "POST | /api/views | {'project':'blog','name':'x'} | 404",
                "POST | /api/items/bulk | {'project':'blog','items':[]} | 404",
                "GET | /api/schedules/blogs | '' | 404",
                "POST | /api/schedules | {'name':'blogs','every':'1d','task':{'prompt':'x','project':'shop'}} | 404",
                "GET | /api/calls | '' | 403",
                "GET | /api/activity | '' | 403",
                "GET | /api/ledger/tasks/TASK | '' | 404"
            })
    void whatIsOfAnotherProjectIsNeitherReadNorChanged(String method, String path, String body, int status) {
        send(everything, "POST", "/api/projects/shop/items", "{'title':'Login'}");
        send(everything, "POST", "/api/projects/blog/items", "{'title':'Login'}");
        send(
                everything,
                "POST",
                "/api/schedules",
                "{'name':'blogs','every':'1d','task':{'prompt':'x','project':'blog'}}");
        TaskId task = fixture.submitJson("{\"prompt\":\"x\",\"project\":\"blog\",\"delay\":\"1h\"}");
        long before = requests.taskCount();
        String itemBefore = send(everything, "GET", "/api/items/BLOG-1", "").body();

        HttpResponse<String> answer =
                send(secret, method, path.replace("TASK", task.toString()), body.replace("TASK", task.toString()));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("Login");
        assertThat(requests.taskCount()).isEqualTo(before);
        assertThat(send(everything, "GET", "/api/items/BLOG-1", "").body()).isEqualTo(itemBefore);
        assertThat(fixture.architect.tasks().find(task).orElseThrow().state().isTerminal())
                .isFalse();
    }
}
