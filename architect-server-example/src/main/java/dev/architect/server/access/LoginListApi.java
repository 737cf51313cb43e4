package dev.architect.server.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.access.AccessStore;
import dev.architect.access.Login;
import dev.architect.access.User;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The resource {@code /api/logins}: where users are logged in. Everybody sees and ends their own; whoever may read users sees all, and whoever
 * may write users ends all.
 */
public final class LoginListApi {

    private static final String PATH = "/api/logins";
    private static final String AREA = "self";

    private final AccessStore store;
    private final LoginSessions loginSessions;
    private final TimeSource time;

    /** Creates the resource. */
    public LoginListApi(AccessStore store, LoginSessions loginSessions, TimeSource time) {
        this.store = store;
        this.loginSessions = loginSessions;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        Schema login = Schema.object()
                .required("id", Schema.text())
                .optional("user", Schema.text().described("Who; absent for the local operator."))
                .required(List.of("createdAt", "lastSeenAt", "endsAt"), Schema.instant())
                .required(List.of("address", "agent"), Schema.text())
                .required("current", Schema.truth().described("Whether it is the caller's own login."))
                .open()
                .named("Login");
        return List.of(
                Operation.get("listLogins", PATH, Permission.read(AREA), this::list)
                        .summary("Lists the caller's logins, or all for whoever may read users.")
                        .answer(
                                200,
                                "The logins, the newest first.",
                                Schema.object()
                                        .required("logins", Schema.list(login))
                                        .open()),
                Operation.delete("deleteLogin", PATH + "/{id}", Permission.act(AREA), this::end)
                        .summary("Ends a login.")
                        .answer(204, "It has ended, on every node within two seconds.")
                        .refuses(404, "not-found"));
    }

    private void list(Context request) {
        Principal caller = AccessFilter.principal(request);
        Instant now = time.wallTime();
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode all = answer.putArray("logins");
        store.logins().stream()
                .filter(login -> isValid(login, now))
                .filter(login -> caller.may("users:r") || isOf(caller, login))
                .forEach(login -> all.add(json(login, caller)));
        JsonResponseWriter.write(request, answer);
    }

    private static boolean isValid(Login login, Instant now) {
        return now.isBefore(login.endsAt())
                && now.isBefore(login.lastSeen().plus(LoginSession.IDLE_LIMIT).plus(LoginSessions.SEEN_STEP));
    }

    private static boolean isOf(Principal caller, Login login) {
        return login.user().equals(caller.user().map(User::name));
    }

    private void end(Context request) {
        Principal caller = AccessFilter.principal(request);
        String id = request.pathParam("id");
        Optional<Login> found = store.login(id).filter(login -> caller.may("users:w") || isOf(caller, login));
        if (found.isEmpty() || !loginSessions.end(id)) {
            throw ApiException.notFound("there is no such login, expected the id of one of yours");
        }
        request.status(204);
    }

    private static ObjectNode json(Login login, Principal caller) {
        ObjectNode json = JsonResponseWriter.object().put("id", login.id());
        login.user().ifPresent(user -> json.put("user", user));
        return json.put("createdAt", login.createdAt().toString())
                .put("lastSeenAt", login.lastSeen().toString())
                .put("endsAt", login.endsAt().toString())
                .put("address", login.address())
                .put("agent", login.agent())
                .put(
                        "current",
                        caller.login()
                                .filter(own -> own.id().equals(login.id()))
                                .isPresent());
    }
}
