package dev.architect.server.access;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The cookie that carries the id of a login: unreadable for scripts, and sent by the browser only from this server's pages. Its
 * name holds the port, because browsers share cookies between the ports of a machine.
 *
 * <p>It has no {@code Secure}: the server speaks plain HTTP on loopback, where not every browser would keep such a cookie.
 */
public final class LoginCookie {

    private final IntSupplier port;

    /** Creates the cookie of the server on that port. */
    public LoginCookie(IntSupplier port) {
        this.port = port;
    }

    Optional<String> read(Context request) {
        return Optional.ofNullable(request.cookie(name()));
    }

    void put(Context answer, String id) {
        answer.cookie(new Cookie(
                name(), id, "/", (int) LoginSession.TOTAL_LIMIT.toSeconds(), false, true, null, SameSite.STRICT));
    }

    void remove(Context answer) {
        answer.cookie(new Cookie(name(), "", "/", 0, false, true, null, SameSite.STRICT));
    }

    private String name() {
        return "architect-login-" + port.getAsInt();
    }
}
