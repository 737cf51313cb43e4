package dev.architect.server.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Budgets;
import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.RolePermissions;
import dev.architect.access.SecretDigest;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.Money;
import dev.architect.creation.CreatedAnswer;
import dev.architect.project.ProjectId;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The resource {@code /api/tokens}: tokens of agents. Everybody makes and removes their own, with permissions that they have themselves; whoever
 * may write tokens sees and removes those of others.
 */
public final class TokenApi {

    private static final String PATH = "/api/tokens";
    private static final String AREA = "self";
    private static final String NAME = "name";
    private static final String SCOPES = "scopes";
    private static final String PROJECTS = "projects";
    private static final String EXPIRES = "expiresInSeconds";
    private static final String BUDGET = "budgetUsd";
    private static final String ALL = "tokens:w";
    private static final int MAX_SECONDS = (int) AgentToken.MAX_LIFE.toSeconds();
    private static final Schema TOKEN = Schema.object()
            .required(NAME, Schema.text())
            .required("actor", Schema.text())
            .required("maker", Schema.text())
            .required(SCOPES, Schema.list(Schema.text()))
            .required(PROJECTS, Schema.list(Schema.text()))
            .required(List.of("createdAt", "expiresAt"), Schema.instant())
            .optional("lastUsedAt", Schema.instant())
            .optional(BUDGET, Schema.text())
            .optional("secret", Schema.text().described("Shown in the answer to its creation, and nowhere else."))
            .open()
            .named("AgentToken");

    private final AccessStore store;
    private final AgentTokens tokens;
    private final Budgets budgets;
    private final TimeSource time;

    /** Creates the resource. */
    public TokenApi(AccessStore store, AgentTokens tokens, Budgets budgets, TimeSource time) {
        this.store = store;
        this.budgets = budgets;
        this.tokens = tokens;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listTokens", PATH, Permission.read(AREA), this::list)
                        .summary("Lists the caller's tokens of agents, or all for whoever may write them.")
                        .answer(
                                200,
                                "The tokens, without their secrets.",
                                Schema.object()
                                        .required("tokens", Schema.list(TOKEN))
                                        .open()),
                Operation.post("createToken", PATH, Permission.write(AREA), this::create)
                        .summary("Makes a token for an agent.")
                        .body(Schema.object()
                                .required(NAME, Schema.text(1, 58))
                                .required(SCOPES, Schema.list(Schema.text(), 1, 100))
                                .required(EXPIRES, Schema.integer(60, MAX_SECONDS))
                                .optional(PROJECTS, Schema.list(Schema.text(), 0, 100))
                                .optional(BUDGET, Schema.number())
                                .closed())
                        .creating()
                        .answer(201, "The token with its secret; a repetition has no secret.", TOKEN)
                        .refuses(403, "fresh-login-needed")
                        .refuses(409, "name-taken"),
                Operation.delete("deleteToken", PATH + "/{name}", Permission.write(AREA), this::remove)
                        .summary("Revokes a token.")
                        .answer(204, "It is revoked, on every node within two seconds.")
                        .refuses(403, "fresh-login-needed")
                        .refuses(404, "not-found"));
    }

    private void list(Context request) {
        Principal caller = AccessFilter.principal(request);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode all = answer.putArray("tokens");
        store.tokens().stream().filter(token -> isFor(caller, token)).forEach(token -> all.add(json(token)));
        JsonResponseWriter.write(request, answer);
    }

    private static boolean isFor(Principal caller, AgentToken token) {
        return caller.may(ALL) || token.maker().equals(caller.actor());
    }

    private void create(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(NAME, SCOPES, PROJECTS, EXPIRES, BUDGET));
        Principal caller = AccessFilter.principal(request);
        String name = fields.requiredText(NAME);
        Set<String> scopes = scopes(fields, caller);
        Set<ProjectId> projects = fields.texts(PROJECTS).stream()
                .map(project -> fields.checked(PROJECTS, () -> new ProjectId(BodyFields.shorten(project))))
                .collect(Collectors.toSet());
        int seconds = fields.integer(EXPIRES)
                .filter(value -> value >= 60 && value <= MAX_SECONDS)
                .orElseThrow(() ->
                        fields.invalid(EXPIRES, EXPIRES + " is missing or out of range, expected 60.." + MAX_SECONDS));
        Instant now = time.wallTime();
        String secret = tokens.newSecret();
        Optional<Money> budget = budget(fields);
        AgentToken token = fields.checked(
                NAME,
                () -> new AgentToken(
                        name,
                        SecretDigest.of(secret),
                        caller.actor(),
                        scopes,
                        projects,
                        budget,
                        new AgentToken.Life(now, now.plus(Duration.ofSeconds(seconds)), Optional.empty())));
        CreatedAnswer answer = Creations.at(PATH + "/" + name, json(token));
        Creations.respond(
                request,
                made -> made instanceof AgentToken ? Optional.of(answer) : Optional.empty(),
                () -> {
                    add(token);
                    return answer;
                },
                // Stored nowhere, not even for a repetition.
                first -> JsonResponseWriter.write(first, json(token).put("secret", secret)));
    }

    private void add(AgentToken token) {
        if (!store.addToken(token)) {
            throw new ApiException(
                    409,
                    "name-taken",
                    "name is '" + token.name() + "', expected one that no other token has",
                    NAME,
                    null);
        }
        token.budget()
                .ifPresent(limit -> budgets.set(new Budget(
                        budgetName(token),
                        new BudgetScope(BudgetScope.Kind.USER, token.actor()),
                        BudgetPeriod.TOTAL,
                        limit,
                        BudgetMode.HARD)));
    }

    private static Set<String> scopes(BodyFields fields, Principal caller) {
        Set<String> scopes = new TreeSet<>(fields.texts(SCOPES));
        if (scopes.isEmpty()) {
            throw fields.invalid(SCOPES, SCOPES + " are missing or empty, expected at least one");
        }
        for (String scope : scopes) {
            boolean isAllowed =
                    RolePermissions.isPermission(scope) && RolePermissions.isForAgents(scope) && caller.may(scope);
            if (!isAllowed) {
                throw fields.invalid(
                        SCOPES,
                        SCOPES + " has '" + BodyFields.shorten(scope)
                                + "', expected permissions that agents may have and that you have yourself");
            }
        }
        return scopes;
    }

    private static Optional<Money> budget(BodyFields fields) {
        Optional<BigDecimal> usd = fields.decimal(BUDGET);
        if (usd.isEmpty()) {
            return Optional.empty();
        }
        try {
            Money limit = Money.ofUsd(usd.get());
            if (limit.picoUsd() > 0) {
                return Optional.of(limit);
            }
        } catch (ArithmeticException notExact) {
            // Refused below, as any other amount that is none.
        }
        throw fields.invalid(
                BUDGET,
                BUDGET + " is " + BodyFields.shorten(usd.get().toString())
                        + ", expected more than 0, up to 9.2 million dollars, with at most 12 decimal places");
    }

    private void remove(Context request) {
        Principal caller = AccessFilter.principal(request);
        String name = request.pathParam(NAME);
        AgentToken token = store.tokens().stream()
                .filter(each -> each.name().equals(name) && isFor(caller, each))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound(
                        "there is no token '" + BodyFields.shorten(name) + "' of yours, expected the name of one"));
        store.removeToken(token.name());
        tokens.forget(token.digest());
        token.budget().ifPresent(limit -> budgets.remove(budgetName(token)));
        request.status(204);
    }

    private static String budgetName(AgentToken token) {
        return "agent-" + token.name();
    }

    private static String usd(Money amount) {
        return BigDecimal.valueOf(amount.picoUsd(), 12).stripTrailingZeros().toPlainString();
    }

    private static ObjectNode json(AgentToken token) {
        ObjectNode json = JsonResponseWriter.object()
                .put(NAME, token.name())
                .put("actor", token.actor())
                .put("maker", token.maker());
        ArrayNode scopes = json.putArray(SCOPES);
        new TreeSet<>(token.scopes()).forEach(scopes::add);
        ArrayNode projects = json.putArray(PROJECTS);
        token.projects().stream().map(ProjectId::name).sorted().forEach(projects::add);
        json.put("createdAt", token.life().createdAt().toString())
                .put("expiresAt", token.life().expiresAt().toString());
        token.life().lastUsed().ifPresent(used -> json.put("lastUsedAt", used.toString()));
        token.budget().ifPresent(limit -> json.put(BUDGET, usd(limit)));
        return json;
    }
}
