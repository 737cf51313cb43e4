package dev.architect.server.operation;

/**
 * What a caller must be allowed to do for an operation.
 *
 * @param access who is let in at all
 * @param name the permission, such as {@code tasks:x}, or what takes its place
 */
public record Permission(Access access, String name) {

    /** Every client that reaches the port. */
    public static final Permission PUBLIC = new Permission(Access.PUBLIC, "public");

    /** Everybody who is logged in or has a token, whatever else they may. */
    public static final Permission ANY_LOGIN = new Permission(Access.TOKEN, "any-login");

    /** As {@link #ANY_LOGIN}; a browser without a login is redirected to the login page. */
    public static final Permission PAGE = new Permission(Access.PAGE, "page");

    /** Who may use an operation. */
    public enum Access {
        /** Every client that reaches the port. */
        PUBLIC,
        /** Clients with the token in a header, or with a login. */
        TOKEN,
        /** As {@link #TOKEN}; a browser without a login is redirected to the login page. */
        PAGE
    }

    /** Returns the permission to see things of {@code area}. */
    public static Permission read(String area) {
        return new Permission(Access.TOKEN, area + ":r");
    }

    /** Returns the permission to create, change and remove things of {@code area}. */
    public static Permission write(String area) {
        return new Permission(Access.TOKEN, area + ":w");
    }

    /** Returns the permission to act on what runs in {@code area}. */
    public static Permission act(String area) {
        return new Permission(Access.TOKEN, area + ":x");
    }

    /** The area, such as {@code tasks}; the whole name where there is none. */
    public String area() {
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }
}
