package dev.architect.server.access;

import dev.architect.server.network.SiteOrigins;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The cookie that carries the id of a login: unreadable for scripts, and sent by the browser only from this server's pages. Its
 * name holds the port, because browsers share cookies between the ports of a machine.
 *
 * <p>Behind a proxy with TLS it is {@code Secure}, and its name begins with {@code __Host-}: browsers then take it from this host alone and
 * over TLS alone. On loopback it has neither, because the server speaks plain HTTP there, where not every browser would keep such a
 * cookie.
 */
public final class LoginCookie {

    private static final String SECURE_PREFIX = "__Host-";

    private final SiteOrigins origins;
    private final IntSupplier port;

    /** Creates the cookie of the server on that port. */
    public LoginCookie(SiteOrigins origins, IntSupplier port) {
        this.origins = origins;
        this.port = port;
    }

    /** A cookie without {@code Secure} may come from whoever changes plain traffic, and counts for nothing over TLS. */
    Optional<String> read(Context request) {
        Optional<String> secure = Optional.ofNullable(request.cookie(SECURE_PREFIX + name()));
        return origins.isSecure(request) ? secure : secure.or(() -> Optional.ofNullable(request.cookie(name())));
    }

    /** Whether {@code name} is one of this cookie's. */
    boolean hasName(String name) {
        return name.equals(name()) || name.equals(SECURE_PREFIX + name());
    }

    void put(Context answer, String id) {
        write(answer, id, (int) LoginSession.TOTAL_LIMIT.toSeconds());
    }

    void remove(Context answer) {
        write(answer, "", 0);
    }

    private void write(Context answer, String value, int seconds) {
        boolean isSecure = origins.isSecure(answer);
        String name = isSecure ? SECURE_PREFIX + name() : name();
        answer.cookie(new Cookie(name, value, "/", seconds, isSecure, true, null, SameSite.STRICT));
    }

    private String name() {
        return "architect-login-" + port.getAsInt();
    }
}
