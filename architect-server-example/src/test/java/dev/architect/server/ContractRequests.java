package dev.architect.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.Schedules;
import dev.architect.access.AgentToken;
import dev.architect.access.SecondFactor;
import dev.architect.access.SecretDigest;
import dev.architect.access.Totp;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.Money;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.project.ProjectId;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.KeyLimit;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A right request of each operation, and what has to be there for it. */
final class ContractRequests {

    private static final String HOLD = "hold";

    /** The secret of everybody's authenticator app. */
    private static final byte[] APP = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    private final ServerFixture fixture;
    private int made;
    private final Map<String, Supplier<Sent>> byId = new HashMap<>();

    /**
     * A request.
     *
     * @param path the path with its query
     * @param headers what is sent in the header
     * @param body the body; null when there is none
     */
    record Sent(
            String path,
            Map<String, String> headers,
            @Nullable String body) {

        static Sent to(String path) {
            return new Sent(path, Map.of(), null);
        }

        static Sent json(String path, String body) {
            return new Sent(path, Map.of("Content-Type", "application/json"), body.replace('\'', '"'));
        }

        Sent withBody(@Nullable String changed) {
            return new Sent(path, headers, changed);
        }

        Sent withPath(String changed) {
            return new Sent(changed, headers, body);
        }

        /** As a change of the version {@code version}. */
        Sent ifMatch(long version) {
            return withHeader("If-Match", "\"" + version + "\"");
        }

        /** From a page of the server, in a browser with that login. */
        Sent as(String cookie) {
            return withHeader("Cookie", cookie).withHeader("Sec-Fetch-Site", "same-origin");
        }

        Sent withoutHeader(String name) {
            Map<String, String> all = new HashMap<>(headers);
            all.remove(name);
            return new Sent(path, all, body);
        }

        Sent withHeader(String name, String value) {
            Map<String, String> all = new HashMap<>(headers);
            all.put(name, value);
            return new Sent(path, all, body);
        }
    }

    ContractRequests(ServerFixture fixture) {
        this.fixture = fixture;
        tasks();
        schedules();
        queues();
        new ProjectRequests(fixture).addTo(byId::put);
        people();
        // Reviews are for people.
        new ReviewRequests(fixture)
                .addTo((id, made) -> byId.put(id, () -> made.get().as(ownLogin())));
        new PasskeyRequests(fixture, this::newUser).addTo(byId::put);
        new ChangeRequests(fixture).addTo(byId::put);
        new RoutingRequests(fixture).addTo(byId::put);
        new CostRequests(fixture).addTo(byId::put);
        others();
    }

    private void tasks() {
        byId.put("submitTasks", () -> Sent.json("/api/tasks", "{'prompt':'hello','delay':'1h'}"));
        byId.put("getTask", () -> Sent.to("/api/tasks/" + ended()));
        byId.put("getTaskHtml", () -> Sent.to("/tasks/" + ended()));
        byId.put("getBoardHtml", () -> Sent.to("/p/web/board"));
        byId.put("getItemHtml", () -> Sent.to("/p/web/i/WEB-1"));
        byId.put("getMilestonesHtml", () -> Sent.to("/p/web/milestones"));
        byId.put("getMilestoneHtml", () -> Sent.to("/p/web/milestones/0000000000001"));
        byId.put("cancelTask", () -> Sent.to("/api/tasks/" + waiting() + "/cancel"));
        byId.put("forceCancelTask", () -> Sent.to("/api/tasks/" + waiting() + "/force-cancel"));
        byId.put("holdTask", () -> Sent.to("/api/tasks/" + waiting() + "/hold"));
        byId.put("resumeTask", () -> Sent.json("/api/tasks/" + held() + "/resume", "{'input':'yes'}"));
        byId.put("redriveTask", () -> Sent.to("/api/tasks/" + cancelled() + "/redrive"));
        byId.put("runTaskNow", () -> Sent.to("/api/tasks/" + waiting() + "/run-now"));
        byId.put("editTask", () -> Sent.json("/api/tasks/" + waiting() + "/edit", "{'priority':3}"));
        byId.put(
                "changeTasks",
                () -> Sent.json("/api/tasks/actions", "{'action':'cancel','states':['scheduled'],'dryRun':true}"));
        byId.put(
                "bulkTasks",
                () -> Sent.json(
                        "/api/tasks/bulk",
                        "{'filter':'type:none','action':'priority','arguments':{'priority':3},'expectedCount':0}"));
        byId.put("getJob", () -> Sent.to("/api/jobs/" + job()));
        byId.put("stopJob", () -> Sent.to("/api/jobs/" + job() + "/stop"));
        byId.put("redriveTasks", () -> Sent.json("/api/tasks/redrive", "{'states':['dead'],'dryRun':true}"));
        byId.put("listTaskAttempts", () -> Sent.to("/api/tasks/" + ended() + "/attempts"));
        byId.put("listTaskCalls", () -> Sent.to("/api/tasks/" + ended() + "/calls"));
        byId.put("getTaskResult", () -> Sent.to("/api/tasks/" + ended() + "/result"));
        byId.put("listTaskOutcomes", () -> Sent.to("/api/tasks/outcomes?ids=" + ended()));
        byId.put(
                "replayTask",
                () -> Sent.json(
                        "/api/tasks/" + ended() + "/replay", "{'model':'claude/claude-sonnet','quality':'high'}"));
        byId.put("listTaskLogs", () -> Sent.to("/api/tasks/" + ended() + "/logs"));
        byId.put("listTaskDependencies", () -> Sent.to("/api/tasks/" + waiting() + "/dependencies"));
        byId.put("explainTask", () -> Sent.to("/api/tasks/" + ended() + "/explanation"));
        byId.put("listTaskParents", () -> Sent.to("/api/tasks/" + waiting() + "/parents"));
        byId.put("listTaskChildren", () -> Sent.to("/api/tasks/" + waiting() + "/children"));
        byId.put(
                "submitGraph",
                () -> Sent.json(
                        "/api/tasks/graphs",
                        "{'tasks':[{'name':'a','task':{'prompt':'x','delay':'1h'}},{'name':'b','task':{'prompt':'y'}}],"
                                + "'edges':[{'parent':'a','child':'b'}]}"));
        byId.put("getTaskSpend", () -> Sent.to("/api/ledger/tasks/" + ended()));
    }

    private void schedules() {
        byId.put(
                "saveSchedule",
                () -> Sent.json("/api/schedules", "{'name':'nightly','cron':'0 3 * * *','task':{'prompt':'x'}}"));
        for (String each : new String[] {
            "getSchedule:",
            "listScheduleInstants:/next",
            "listScheduleRuns:/runs",
            "pauseSchedule:/pause",
            "resumeSchedule:/resume",
            "runSchedule:/run",
            "deleteSchedule:/delete"
        }) {
            String[] parts = each.split(":", 2);
            byId.put(parts[0], () -> {
                fixture.architect
                        .schedules()
                        .save(ScheduleRequest.every(
                                "report", Duration.ofDays(1), TaskRequest.of("prompt", "{\"prompt\":\"x\"}")));
                return Sent.to("/api/schedules/report" + parts[1]);
            });
        }
        byId.put(
                "updateSchedule",
                () -> Sent.json("/api/schedules/report", "{'every':'2h','task':{'prompt':'y'}}")
                        .ifMatch(newSchedule()));
        byId.put("removeSchedule", () -> Sent.to("/api/schedules/report").ifMatch(newSchedule()));
    }

    /** Makes one anew, and returns its version. */
    private long newSchedule() {
        Schedules schedules = fixture.architect.schedules();
        schedules.find("report").ifPresent(old -> schedules.delete(old.name()));
        return schedules
                .save(ScheduleRequest.every(
                        "report", Duration.ofDays(1), TaskRequest.of("prompt", "{\"prompt\":\"x\"}")))
                .version();
    }

    private void queues() {
        for (String[] scope :
                new String[][] {{"Queue", "/api/queues/reports"}, {"Tenant", "/api/queues/reports/tenants/a"}}) {
            LaneScope lane = scope[0].equals("Queue") ? LaneScope.of("reports") : LaneScope.of("reports", "a");
            byId.put("save" + scope[0] + "Settings", () -> Sent.json(scope[1], "{'weight':2}"));
            byId.put("get" + scope[0] + "Settings", () -> Sent.to(scope[1]));
            byId.put("delete" + scope[0] + "Settings", () -> {
                fixture.architect.queues().save(LaneSettings.of(lane).withWeight(3));
                return Sent.to(scope[1]);
            });
            byId.put("pause" + scope[0], () -> Sent.to(scope[1] + "/pause"));
            byId.put("resume" + scope[0], () -> Sent.to(scope[1] + "/resume"));
        }
    }

    private void people() {
        String admin = fixture.login(ServerFixture.USER, ServerFixture.PASSWORD);
        String user = "'name':'%s','password':'" + ServerFixture.PASSWORD + "'";
        byId.put("createLogin", () -> Sent.json("/api/login", "{" + user.formatted(ServerFixture.USER) + "}"));
        byId.put("endLogin", () -> Sent.to("/api/logout").as(ownLogin()));
        byId.put(
                "refreshLogin",
                () -> Sent.json("/api/reauthenticate", "{'password':'" + ServerFixture.PASSWORD + "'}")
                        .as(ownLogin()));
        byId.put(
                "setPassword",
                () -> Sent.json(
                                "/api/me/password",
                                "{'current':'" + ServerFixture.PASSWORD + "','password':'" + ServerFixture.PASSWORD
                                        + "'}")
                        .as(fixture.login(newUser(), ServerFixture.PASSWORD)));
        byId.put("finishLogin", () -> {
            String name = newUser();
            confirmApp(name);
            String ticket = fixture.json(fixture.send(fixture.anonymous("/api/login")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(("{" + user.formatted(name) + "}").replace('\'', '"')))))
                    .get("ticket")
                    .textValue();
            return Sent.json("/api/login/second", "{'ticket':'" + ticket + "','code':'" + appCode() + "'}");
        });
        byId.put("search", () -> Sent.to("/api/search?q=web"));
        byId.put(
                "updateMe",
                () -> Sent.json("/api/me", "{'preferences':{'zone':'Europe/Berlin','density':2}}")
                        .as(fixture.login(newUser(), ServerFixture.PASSWORD))
                        .ifMatch(1));
        byId.put("beginTotp", () -> Sent.to("/api/me/totp").as(fixture.login(newUser(), ServerFixture.PASSWORD)));
        byId.put("confirmTotp", () -> {
            String name = newUser();
            beginApp(name);
            return Sent.json("/api/me/totp/confirm", "{'code':'" + appCode() + "'}")
                    .as(fixture.login(name, ServerFixture.PASSWORD));
        });
        byId.put("deleteTotp", () -> {
            String name = newUser();
            String cookie = fixture.login(name, ServerFixture.PASSWORD);
            confirmApp(name);
            return Sent.to("/api/me/totp").as(cookie);
        });
        byId.put("deleteUserTotp", () -> {
            String name = newUser();
            confirmApp(name);
            return Sent.to("/api/users/" + name + "/totp").as(admin);
        });
        byId.put("listUsers", () -> Sent.to("/api/users").as(admin));
        byId.put("listUserRoles", () -> Sent.to("/api/user-roles").as(admin));
        byId.put(
                "createUser",
                () -> Sent.json("/api/users", "{" + user.formatted("new" + made++) + ",'roles':['viewer']}")
                        .as(admin));
        byId.put("getUser", () -> Sent.to("/api/users/" + newUser()).as(admin));
        byId.put(
                "updateUser",
                () -> Sent.json("/api/users/" + newUser(), "{'roles':['operator','approver'],'active':true}")
                        .as(admin)
                        .ifMatch(1));
        byId.put(
                "deleteUser", () -> Sent.to("/api/users/" + newUser()).as(admin).ifMatch(1));
        byId.put(
                "resetUser",
                () -> Sent.json("/api/users/" + newUser() + "/reset", "{'password':'" + ServerFixture.PASSWORD + "'}")
                        .as(admin));
        byId.put("deleteLogin", () -> {
            String cookie = ownLogin();
            return Sent.to("/api/logins/" + SecretDigest.of(cookie.substring(cookie.indexOf('=') + 1)))
                    .as(admin);
        });
        byId.put(
                "createToken",
                () -> Sent.json(
                        "/api/tokens",
                        "{'name':'agent" + made++ + "','scopes':['tasks:r','tasks:w'],'expiresInSeconds':3600,"
                                + "'projects':['shop'],'budgetUsd':2.5}"));
        byId.put("deleteToken", () -> {
            String name = "agent" + made++;
            Instant now = TimeSource.system().wallTime();
            fixture.architect
                    .access()
                    .orElseThrow()
                    .addToken(new AgentToken(
                            name,
                            SecretDigest.of(name),
                            "operator",
                            Set.of("tasks:r"),
                            Set.of(),
                            Optional.empty(),
                            new AgentToken.Life(now, now.plusSeconds(60), Optional.empty())));
            return Sent.to("/api/tokens/" + name);
        });
        byId.put(
                "createFirstUser",
                () -> Sent.json("/setup", "{'token':'" + ServerFixture.SECRET + "'," + user.formatted("first") + "}"));
    }

    private SecondFactor beginApp(String name) {
        SecondFactor begun = SecondFactor.begin(name, APP, TimeSource.system().wallTime());
        fixture.architect.access().orElseThrow().beginSecondFactor(begun);
        return begun;
    }

    private void confirmApp(String name) {
        SecondFactor confirmed = beginApp(name).confirmed(TimeSource.system().wallTime(), 0, Set.of());
        fixture.architect.access().orElseThrow().confirmSecondFactor(confirmed);
    }

    private static String appCode() {
        return Totp.code(APP, Totp.step(TimeSource.system().wallTime()));
    }

    private String ownLogin() {
        return fixture.login(ServerFixture.USER, ServerFixture.PASSWORD);
    }

    private String newUser() {
        String name = "user" + made++;
        fixture.architect
                .access()
                .orElseThrow()
                .add(User.create(
                        name,
                        Set.of(UserRole.VIEWER),
                        ServerFixture.HASHER.hash(ServerFixture.PASSWORD),
                        TimeSource.system().wallTime()));
        return name;
    }

    /** One that the store and the node know both: those that were ended before are in the store for a moment more. */
    private JsonNode session() {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            Set<String> here = fixture.architect.sessions().list().stream()
                    .map(SessionInfo::name)
                    .collect(Collectors.toSet());
            for (JsonNode each : fixture.getJson("/api/sessions").get("sessions")) {
                if (here.contains(each.get("name").textValue())
                        && !each.get("state").textValue().equals("draining")) {
                    return each;
                }
            }
        }
        throw new AssertionError("no session is known to node and store after 60 s");
    }

    private void others() {
        byId.put("saveBudget", () -> Sent.json("/api/budgets/monthly", "{'period':'month','limitUsd':25}"));
        for (String each : new String[] {"getBudget:", "listBudgetReservations:/reservations"}) {
            String[] parts = each.split(":", 2);
            byId.put(parts[0], () -> {
                fixture.architect
                        .budgets()
                        .set(new Budget("daily", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("5"), BudgetMode.SOFT));
                return Sent.to("/api/budgets/daily" + parts[1]);
            });
        }
        byId.put("tripProvider", () -> Sent.json("/api/providers/claude/trip", "{'reason':'a test'}"));
        byId.put("resetProvider", () -> Sent.json("/api/providers/claude/reset", "{'reason':'a test'}"));
        byId.put("probeProvider", () -> Sent.to("/api/providers/claude/test"));
        byId.put("getProvider", () -> Sent.to("/api/providers/claude"));
        byId.put("listProviderHistory", () -> Sent.to("/api/providers/claude/history"));
        byId.put("explainRoute", () -> Sent.json("/api/routes/explain", "{'prompt':'hello'}"));
        byId.put(
                "replayRoutes",
                () -> Sent.json(
                        "/api/routes/replay",
                        "{'policy':'baseline: claude/a\\nmodels: [{model: claude/a, quality: 90, contextTokens: 1000}]'}"));
        byId.put("saveFeedback", () -> Sent.json("/api/routes/request-1/feedback", "{'accepted':true}"));
        byId.put("getFeedback", () -> {
            fixture.architect.feedback("request-2", 0.5);
            return Sent.to("/api/routes/request-2/feedback");
        });
        byId.put(
                "rerateCalls", () -> Sent.json("/api/ledger/rerate?period=all", "{'replace':{'claude/a':'claude/b'}}"));
        byId.put(
                "reconcileInvoice",
                () -> Sent.json(
                        "/api/ledger/reconcile?provider=claude",
                        "{'csv':'date,model,amount_usd\\n2026-11-01,claude-sonnet,1.50\\n'}"));
        byId.put("saveLimit", () -> Sent.json("/api/limits", "{'key':'repository','maxRunning':2}"));
        byId.put("deleteLimit", () -> {
            fixture.architect.limits().set(new KeyLimit(ProjectId.DEFAULT, "account", 3));
            return Sent.to("/api/limits?key=account");
        });
        byId.put("pauseType", () -> Sent.to("/api/types/prompt/pause"));
        byId.put("resumeType", () -> Sent.to("/api/types/prompt/resume"));
        byId.put("getPool", () -> Sent.to("/api/pools/llm"));
        for (String each : new String[] {"getSession:", "drainSession:/drain", "restartSession:/restart"}) {
            String[] parts = each.split(":", 2);
            byId.put(parts[0], () -> {
                JsonNode session = session();
                return Sent.to("/api/sessions/" + session.get("incarnation").textValue() + "/"
                        + session.get("name").textValue() + parts[1]);
            });
        }
        String chat = "'messages':[{'role':'user','content':'hello'}]";
        byId.put("createChatCompletion", () -> Sent.json("/v1/chat/completions", "{'model':'auto'," + chat + "}"));
        byId.put(
                "createEmbedding",
                () -> Sent.json("/v1/embeddings", "{'model':'claude-sonnet','input':['hello','world']}"));
        byId.put("createResponse", () -> Sent.json("/v1/responses", "{'model':'auto','input':'hello'}"));
        byId.put(
                "countResponseTokens",
                () -> Sent.json("/v1/responses/input_tokens", "{'model':'auto','input':'hello'}"));
        byId.put("createMessage", () -> Sent.json("/v1/messages", "{'model':'auto','max_tokens':100," + chat + "}"));
        byId.put("countMessageTokens", () -> Sent.json("/v1/messages/count_tokens", "{'model':'auto'," + chat + "}"));
        byId.put("getGatewayModel", () -> Sent.to("/v1/models/auto"));
        byId.put("getProviderModel", () -> Sent.to("/v1/models/claude/claude-sonnet"));
        byId.put("getNode", () -> Sent.to("/api/nodes/" + node()));
        byId.put("cordonNode", () -> Sent.to("/api/nodes/" + node() + "/cordon"));
        byId.put("drainNode", () -> Sent.to("/api/nodes/" + node() + "/drain"));
        byId.put("resumeNode", () -> Sent.to("/api/nodes/" + node() + "/resume"));
        byId.put("uncordonNode", () -> Sent.to("/api/nodes/" + node() + "/uncordon"));
        byId.put("login", () -> Sent.json("/login", "{'token':'" + ServerFixture.SECRET + "'}"));
        byId.put("getProblem", () -> Sent.to("/problems/invalid-value"));
    }

    /** Returns a right request; one that needs nothing is made of the path. */
    Sent of(String id, String path) {
        Supplier<Sent> made = byId.get(id);
        if (made == null && path.contains("{")) {
            throw new IllegalStateException(id + " has names in its path, expected a request of it in this class");
        }
        return made == null ? Sent.to(path) : made.get();
    }

    /** How many tasks there are, in whatever state. */
    long taskCount() {
        return fixture.architect.tasks().counts().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** How much the server holds; asked of what it serves, since asking over HTTP would take longer than all else that the tests do. */
    String counts() {
        return fixture.architect.tasks().counts() + " "
                + fixture.architect.schedules().list(Optional.empty(), ScheduleStore.MAX_PAGE) + " "
                + fixture.architect.budgets().states().size() + " "
                + fixture.architect.queues().settings() + " "
                + fixture.getJson("/api/policy").get("version") + " "
                + fixture.architect.routing().overrides() + " "
                + fixture.architect.routing().settings() + " "
                + fixture.architect.exports().list().size() + " "
                + fixture.architect.rerateJobs().list().size() + " "
                + fixture.architect.reconciliations().list().size();
    }

    private TaskId ended() {
        TaskId id = fixture.submit("hello");
        fixture.await(id);
        return id;
    }

    private TaskId waiting() {
        return fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
    }

    private String job() {
        return fixture.json(fixture.post("/api/tasks/bulk", "{\"filter\":\"type:none\",\"action\":\"cancel\"}"))
                .get("id")
                .textValue();
    }

    private TaskId held() {
        TaskId id = waiting();
        fixture.post("/api/tasks/" + id + "/" + HOLD, "");
        return id;
    }

    private TaskId cancelled() {
        TaskId id = waiting();
        fixture.post("/api/tasks/" + id + "/cancel", "");
        return id;
    }

    private String node() {
        return fixture.getJson("/api/nodes").at("/nodes/0/id").textValue();
    }
}
