package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.RolePermissions;
import dev.architect.access.SecretDigest;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission.Access;
import dev.architect.spi.TimeSource;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may what: every operation, by every kind of caller, from every place, is let in or refused as its permission and the table of the roles
 * say. A new operation is covered without a change here.
 */
final class ServerPermissionTest {

    private static ServerFixture fixture;
    private static AccessStore store;

    /** The permissions of all operations, of areas. */
    private static Set<String> permissions;

    /** A caller: what is sent, and which permissions it has. */
    private record Caller(String name, Map<String, String> headers, Predicate<String> may) {}

    private static final List<Caller> CALLERS = new ArrayList<>();

    @BeforeAll
    static void open() {
        fixture = new ServerFixture();
        store = fixture.architect.access().orElseThrow();
        permissions = new TreeSet<>();
        operations().forEach(each -> permissions.add(each.permission().name()));
        permissions.removeIf(name -> !name.contains(":"));
        for (UserRole role : UserRole.values()) {
            addUser(role.word(), Set.of(role));
        }
        addUser("both", Set.of(UserRole.OPERATOR, UserRole.APPROVER));
        CALLERS.add(bearer("operator's token", ServerFixture.SECRET, RolePermissions::allowsLocalOperator));
        CALLERS.add(cookie("operator's login", fixture.login(), RolePermissions::allowsLocalOperator));
        for (String permission : permissions) {
            if (RolePermissions.isForAgents(permission)) {
                addAgent("agent with " + permission, Set.of(permission), 60, permission::equals);
            }
        }
    }

    @AfterAll
    static void close() {
        CALLERS.clear();
        fixture.close();
    }

    private static void addUser(String name, Set<UserRole> roles) {
        String hash = ServerFixture.HASHER.hash(ServerFixture.PASSWORD);
        store.add(User.create(name, roles, hash, TimeSource.system().wallTime()));
        CALLERS.add(cookie(
                name,
                fixture.login(name, ServerFixture.PASSWORD),
                permission -> RolePermissions.allows(roles, permission)));
    }

    private static void addAgent(String name, Set<String> scopes, int seconds, Predicate<String> may) {
        CALLERS.add(bearer(name, newAgent("a" + CALLERS.size(), scopes, seconds), may));
    }

    private static String newAgent(String name, Set<String> scopes, int seconds) {
        String secret = AgentToken.PREFIX + SecretDigest.of(name);
        // One that has expired was made before.
        Instant from = TimeSource.system().wallTime().minusSeconds(seconds < 0 ? 600 : 0);
        store.addToken(new AgentToken(
                name,
                SecretDigest.of(secret),
                "user:ada",
                scopes,
                Set.of(),
                Optional.empty(),
                new AgentToken.Life(
                        from, from.plusSeconds(seconds < 0 ? 600 + seconds : seconds * 60L), Optional.empty())));
        return secret;
    }

    private static Caller bearer(String name, String secret, Predicate<String> may) {
        return new Caller(name, Map.of("Authorization", "Bearer " + secret), may);
    }

    private static Caller cookie(String name, String cookie, Predicate<String> may) {
        return new Caller(name, Map.of("Cookie", cookie, "Sec-Fetch-Site", "same-origin"), may);
    }

    static Stream<Operation> operations() {
        return fixture.server.operations().stream();
    }

    static Stream<Operation> guarded() {
        // Those that end the login of their caller have tests of their own.
        return operations()
                .filter(each -> each.permission().access() != Access.PUBLIC)
                .filter(each -> !each.path().endsWith("/logout"));
    }

    private static HttpResponse<String> send(Operation operation, Map<String, String> headers) {
        String path = operation.path().replace("{id}", "0000000000000").replaceAll("\\{[^}]+}", "nothing");
        HttpRequest.Builder request = fixture.anonymous(path)
                .header("Content-Type", "application/json")
                .method(
                        operation.method().name(),
                        operation.body().isPresent() ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
        headers.forEach(request::header);
        return fixture.send(request);
    }

    /** The code of a refusal; of the gateway, whose clients know other ones, what stands for it. */
    private static String code(Operation operation, HttpResponse<String> answer) {
        if (operation.ownErrors().isPresent()) {
            return answer.statusCode() == 401 ? "unauthorized" : answer.statusCode() == 403 ? "forbidden" : "";
        }
        JsonNode body = fixture.json(answer);
        return body.path("code").asText();
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void everyCallerIsLetInOrRefusedAsTheTableSays(Operation operation) {
        String permission = operation.permission().name();
        for (Caller caller : CALLERS) {
            HttpResponse<String> answer = send(operation, caller.headers());

            boolean isAllowed = !permission.contains(":") || caller.may().test(permission);
            if (isAllowed) {
                assertThat(answer.statusCode())
                        .as("%s by %s", operation, caller.name())
                        .isNotIn(401, 403)
                        .isLessThan(500);
            } else {
                assertThat(answer.statusCode())
                        .as("%s by %s", operation, caller.name())
                        .isEqualTo(403);
                assertThat(code(operation, answer)).isEqualTo("forbidden");
            }
        }
        assertThat(CALLERS).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void nobodyIsLetInWithoutAValidSecret(Operation operation) {
        String expired = newAgent("expired", permissionsForAgents(), -1);
        Map<String, Map<String, String>> nobody = new LinkedHashMap<>();
        nobody.put("nothing", Map.of());
        nobody.put("an expired token", Map.of("Authorization", "Bearer " + expired));
        nobody.put("an unknown token", Map.of("Authorization", "Bearer " + AgentToken.PREFIX + "0".repeat(64)));
        nobody.put("an unknown login", Map.of("Cookie", cookieName() + "=" + "0".repeat(64)));
        nobody.put("a digest", Map.of("Authorization", "Bearer " + SecretDigest.of(expired)));
        nobody.forEach((name, headers) -> {
            HttpResponse<String> answer = send(operation, headers);

            assertThat(answer.statusCode()).as("%s by %s", operation, name).isEqualTo(401);
            assertThat(code(operation, answer)).isEqualTo("unauthorized");
        });
    }

    private static Set<String> permissionsForAgents() {
        Set<String> all = new HashSet<>(permissions);
        all.removeIf(permission -> !RolePermissions.isForAgents(permission));
        return all;
    }

    private static String cookieName() {
        return "architect-login-" + fixture.server.port();
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void aLoginChangesNothingFromElsewhereAndATokenDoes(Operation operation) {
        Caller admin = CALLERS.stream()
                .filter(each -> each.name().equals("admin"))
                .findFirst()
                .orElseThrow();
        String login = admin.headers().get("Cookie");
        boolean changes = !operation.method().name().equals("GET");
        for (Map<String, String> origin : List.of(
                Map.of("Cookie", login),
                Map.of("Cookie", login, "Sec-Fetch-Site", "cross-site"),
                Map.of("Cookie", login, "Sec-Fetch-Site", "same-site"),
                Map.of("Cookie", login, "Origin", "null"),
                Map.of("Cookie", login, "Origin", "http://evil.example"))) {
            HttpResponse<String> answer = send(operation, origin);
            if (changes) {
                assertThat(answer.statusCode())
                        .as("%s with %s", operation, origin.keySet())
                        .isEqualTo(403);
                assertThat(code(operation, answer)).isEqualTo("forbidden");
            } else if (!operation.id().equals("openLive")) {
                assertThat(answer.statusCode())
                        .as("%s with %s", operation, origin.keySet())
                        .isNotIn(401, 403);
            }
        }
        if (RolePermissions.allowsLocalOperator(operation.permission().name())) {
            Map<String, String> token =
                    Map.of("Authorization", "Bearer " + ServerFixture.SECRET, "Origin", "http://evil.example");
            assertThat(send(operation, token).statusCode())
                    .as("%s by token", operation)
                    .isNotIn(401, 403);
        }
    }

    @Test
    void anOperationCannotBeBuiltWithoutAPermission() {
        assertThatThrownBy(() -> Operation.get("listThings", "/api/things", null, request -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("permission");
        assertThat(operations()).allSatisfy(each -> {
            assertThat(each.auditName()).matches("[a-z-]+\\.[a-z]+");
            String name = each.permission().name();
            assertThat(RolePermissions.isPermission(name)
                            || Set.of("public", "any-login", "page").contains(name))
                    .as(name)
                    .isTrue();
        });
    }
}
