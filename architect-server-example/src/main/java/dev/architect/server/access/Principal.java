package dev.architect.server.access;

import dev.architect.access.AgentToken;
import dev.architect.access.RolePermissions;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.server.rest.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who makes a request, after the access filter has let it pass: the holder of the local operator's token, a user, or an agent with a token of
 * its own. Immutable, but that a login may end.
 */
public final class Principal {

    /** How long a login counts as fresh. */
    public static final Duration FRESH = Duration.ofMinutes(10);

    private static final String USER = "user";

    private final Kind kind;
    private final Optional<LoginSession> login;
    private final Optional<User> user;
    private final Optional<AgentToken> agent;

    /** How a caller has shown who it is. */
    public enum Kind {
        /** By the local operator's token. */
        TOKEN,
        /** By a login of a browser. */
        LOGIN,
        /** By a token of an agent. */
        AGENT
    }

    private Principal(Kind kind, Optional<LoginSession> login, Optional<User> user, Optional<AgentToken> agent) {
        this.kind = kind;
        this.login = login;
        this.user = user;
        this.agent = agent;
    }

    /** Returns the holder of the local operator's token. */
    public static Principal operator() {
        return new Principal(Kind.TOKEN, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns who has logged in: a user, or the local operator. */
    static Principal of(LoginSession login) {
        return new Principal(Kind.LOGIN, Optional.of(login), login.user(), Optional.empty());
    }

    /** Returns an agent. */
    static Principal of(AgentToken token) {
        return new Principal(Kind.AGENT, Optional.empty(), Optional.empty(), Optional.of(token));
    }

    /** How the caller has shown who it is. */
    public Kind kind() {
        return kind;
    }

    /** The login of a browser; empty for a token. */
    public Optional<LoginSession> login() {
        return login;
    }

    /**
     * Returns the login of a user.
     *
     * @throws ApiException 409 for a token, and for the local operator
     */
    public LoginSession userLogin() {
        return login.filter(found -> found.user().isPresent())
                .orElseThrow(() -> new ApiException(
                        409,
                        "no-login",
                        "the caller has no password, expected a user who has logged in by a browser",
                        null,
                        null));
    }

    /** The user; empty for the local operator and for agents. */
    public Optional<User> user() {
        return user;
    }

    /** The token of an agent; empty for people. */
    public Optional<AgentToken> agent() {
        return agent;
    }

    /** The roles of a user; none for others. */
    public Set<UserRole> roles() {
        return user.map(User::roles).orElse(Set.of());
    }

    /** How the audit calls it: {@code user:ada}, {@code agent:build} or {@code operator}. */
    public String actor() {
        return agent.map(AgentToken::actor)
                .or(() -> user.map(found -> "user:" + found.name()))
                .orElse("operator");
    }

    /** Whether it may do what needs this permission; what is no permission of an area everybody may who is let in. */
    public boolean may(String permission) {
        if (permission.indexOf(':') < 0) {
            return true;
        }
        if (agent.isPresent()) {
            return agent.get().scopes().contains(permission);
        }
        return user.map(found -> RolePermissions.allows(found.roles(), permission))
                .orElseGet(() -> RolePermissions.allowsLocalOperator(permission));
    }

    /**
     * Returns as whose and for which project something is done: what an agent does is filed under its name, whatever user it states, and for one
     * of its projects; and nobody else's is filed under the name of an agent.
     *
     * @throws ApiException 403 when the token is not for that project, 400 when it has no token and states the user of one
     */
    public Attribution attributed(Attribution wanted) {
        if (agent.isEmpty()) {
            if (wanted.key().isPresent()) {
                throw ApiException.invalidValue(
                        USER,
                        "user begins with '" + Attribution.AGENT
                                + "', expected another one: only requests with the token"
                                + " of an agent are filed under it");
            }
            return wanted;
        }
        Set<ProjectId> projects = agent.get().projects();
        if (!projects.isEmpty() && !projects.contains(wanted.project())) {
            throw ApiException.forbidden("the token is not for the project '"
                    + wanted.project().name() + "', expected one of "
                    + projects.stream().map(ProjectId::name).sorted().toList());
        }
        return wanted.withUser(agent.get().actor());
    }

    /** The projects that it is limited to; none for one that is for all. */
    public Set<ProjectId> projects() {
        return agent.map(AgentToken::projects).orElse(Set.of());
    }

    /** Whether something of a project is there for it. */
    public boolean sees(ProjectId project) {
        return projects().isEmpty() || projects().contains(project);
    }

    /** Whether its login is too old at {@code now} for what needs this permission. */
    boolean mustLogInAgain(String permission, Instant now) {
        return RolePermissions.needsFreshLogin(permission)
                && login.filter(found -> found.authenticatedAt().plus(FRESH).isBefore(now))
                        .isPresent();
    }
}
