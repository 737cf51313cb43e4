package dev.architect.server;

import dev.architect.Architect;
import dev.architect.access.AccessStore;
import dev.architect.access.PasswordRules;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.micrometer.ArchitectGauges;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.node.RoleRegistration;
import dev.architect.runtime.BuildVersion;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.AgentTokens;
import dev.architect.server.access.LoginApi;
import dev.architect.server.access.LoginCodes;
import dev.architect.server.access.LoginCookie;
import dev.architect.server.access.LoginLimits;
import dev.architect.server.access.LoginListApi;
import dev.architect.server.access.LoginRateLimit;
import dev.architect.server.access.LoginSessions;
import dev.architect.server.access.LoginStarter;
import dev.architect.server.access.MeApi;
import dev.architect.server.access.PasswordChecks;
import dev.architect.server.access.PersonLoginApi;
import dev.architect.server.access.SecondFactors;
import dev.architect.server.access.SecurityLog;
import dev.architect.server.access.SetUpApi;
import dev.architect.server.access.SetUpMode;
import dev.architect.server.access.TokenApi;
import dev.architect.server.access.TotpApi;
import dev.architect.server.access.UserApi;
import dev.architect.server.audit.AuditApi;
import dev.architect.server.audit.AuditLog;
import dev.architect.server.audit.CheckpointWriter;
import dev.architect.server.export.ExportApi;
import dev.architect.server.gateway.GatewayApi;
import dev.architect.server.job.JobApi;
import dev.architect.server.ledger.CallApi;
import dev.architect.server.ledger.CostApi;
import dev.architect.server.ledger.LedgerApi;
import dev.architect.server.ledger.ReconciliationApi;
import dev.architect.server.ledger.RerateJobApi;
import dev.architect.server.live.LiveApi;
import dev.architect.server.live.UpgradeRequest;
import dev.architect.server.metrics.MetricsApi;
import dev.architect.server.network.BodyLoader;
import dev.architect.server.network.ConnectionGuard;
import dev.architect.server.network.ConnectionLimits;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.network.SiteOrigins;
import dev.architect.server.node.ClusterApi;
import dev.architect.server.node.NodeApi;
import dev.architect.server.node.SessionApi;
import dev.architect.server.operation.OpenApiResource;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Operations;
import dev.architect.server.operation.PathMethods;
import dev.architect.server.operation.ProblemPages;
import dev.architect.server.page.PageFiles;
import dev.architect.server.page.PageViewApi;
import dev.architect.server.passkey.PasskeyApi;
import dev.architect.server.passkey.PasskeyLoginApi;
import dev.architect.server.passkey.PasskeyRefreshApi;
import dev.architect.server.project.BoardApi;
import dev.architect.server.project.ItemApi;
import dev.architect.server.project.ItemPartApi;
import dev.architect.server.project.MilestoneApi;
import dev.architect.server.project.ProjectApi;
import dev.architect.server.project.ProjectScope;
import dev.architect.server.project.ProjectTopic;
import dev.architect.server.project.ProjectTransferApi;
import dev.architect.server.report.BreakerApi;
import dev.architect.server.report.BudgetApi;
import dev.architect.server.report.HealthApi;
import dev.architect.server.report.ProviderApi;
import dev.architect.server.report.ReportApi;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.ErrorResponses;
import dev.architect.server.review.ReviewApi;
import dev.architect.server.review.RuleApi;
import dev.architect.server.route.CostEstimateApi;
import dev.architect.server.route.RouteApi;
import dev.architect.server.routing.ModelApi;
import dev.architect.server.routing.PolicyApi;
import dev.architect.server.routing.PriceApi;
import dev.architect.server.search.SearchApi;
import dev.architect.server.setting.SettingsApi;
import dev.architect.server.task.BulkJobApi;
import dev.architect.server.task.ExplanationApi;
import dev.architect.server.task.LimitApi;
import dev.architect.server.task.QueueApi;
import dev.architect.server.task.ScheduleApi;
import dev.architect.server.task.TaskApi;
import dev.architect.server.task.TaskCauseApi;
import dev.architect.server.task.TaskGraphApi;
import dev.architect.server.task.TaskListApi;
import dev.architect.server.task.TaskOperationApi;
import dev.architect.server.task.TaskPartApi;
import dev.architect.server.task.TaskReplayApi;
import dev.architect.server.task.TypeApi;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The wiring of one server: which operations there are, and what stands before them. */
final class RunningServer implements AutoCloseable {

    private static final String FIRST_ADMIN = "admin";

    private final String host;
    private final Javalin javalin;
    private final LiveApi live;
    private final LoginCodes loginCodes;
    private final ThreadRunner runner = new ThreadRunner("architect-server");
    private final Operations operations;
    private final AccessFilter accessFilter;
    private final AuditLog audit;
    private final CheckpointWriter checkpoints;
    private final GatewayApi gateway;
    private final ArchitectGauges gauges;
    private final SecurityLog securityLog;
    private Optional<RoleRegistration> jobs = Optional.empty();
    private Optional<RoleRegistration> exports = Optional.empty();
    private Optional<RoleRegistration> ratings = Optional.empty();
    private boolean closed;
    private volatile int port;

    RunningServer(ArchitectServer.Builder parts) {
        Architect architect = parts.architect();
        TimeSource time = parts.time();
        long startedAt = time.nanoTime();
        ArchitectMeters meters = parts.meters();
        this.host = parts.host();
        this.loginCodes = new LoginCodes(time);
        Optional<AccessStore> access = architect.access();
        LoginSessions loginSessions = new LoginSessions(time, access);
        SetUpMode setUp = new SetUpMode(time, access);
        AgentTokens agents = new AgentTokens(time, access);
        ProxyTrust proxies = new ProxyTrust(parts.trustedProxies());
        SiteOrigins origins = new SiteOrigins(parts.origins(), plainNames(parts), proxies);
        this.securityLog = new SecurityLog(time);
        LoginCookie cookie = new LoginCookie(origins, () -> port);
        this.checkpoints = new CheckpointWriter(parts.checkpoints(), time);
        this.audit = new AuditLog(architect.audit(), proxies, time, checkpoints::onWritten);
        List<Operation> all = new ArrayList<>();
        HealthApi health =
                new HealthApi(architect, BuildVersion.current(), () -> Duration.ofNanos(time.nanoTime() - startedAt));
        all.addAll(health.operations());
        all.addAll(new MeApi(access, () -> operations().all()).operations());
        all.addAll(new ReportApi(architect, health).operations());
        all.addAll(new SearchApi(architect).operations());
        all.addAll(new ProviderApi(architect).operations());
        all.addAll(new ModelApi(architect).operations());
        all.addAll(new PolicyApi(architect).operations());
        all.addAll(new PriceApi(architect, time).operations());
        all.addAll(new ExportApi(architect, time).operations());
        all.addAll(new TaskPartApi(architect).operations());
        all.addAll(new CallApi(architect, time).operations());
        all.addAll(new TaskCauseApi(architect).operations());
        all.addAll(new TaskApi(architect).operations());
        all.addAll(new TaskListApi(architect, time).operations());
        all.addAll(new TaskOperationApi(architect, time).operations());
        all.addAll(new BulkJobApi(architect.jobs()).operations());
        all.addAll(new JobApi(architect).operations());
        all.addAll(new TaskGraphApi(architect).operations());
        all.addAll(new TaskReplayApi(architect).operations());
        all.addAll(new ExplanationApi(architect).operations());
        all.addAll(new LimitApi(architect).operations());
        all.addAll(new TypeApi(architect).operations());
        SessionApi sessions = new SessionApi(architect);
        all.addAll(sessions.operations());
        all.addAll(new ScheduleApi(architect).operations());
        all.addAll(new BreakerApi(architect).operations());
        all.addAll(new QueueApi(architect).operations());
        ReviewApi reviews = new ReviewApi(architect);
        all.addAll(reviews.operations());
        RuleApi rules = new RuleApi(architect, parts.approvals(), time);
        all.addAll(rules.operations());
        all.addAll(new BudgetApi(architect).operations());
        all.addAll(new SettingsApi(architect.settings()).operations());
        all.addAll(new LedgerApi(architect).operations());
        all.addAll(new CostApi(architect, time).operations());
        all.addAll(new RerateJobApi(architect, time).operations());
        all.addAll(new ReconciliationApi(architect, time).operations());
        all.addAll(new ProjectApi(architect).operations());
        all.addAll(new ProjectTransferApi(architect).operations());
        all.addAll(new BoardApi(architect).operations());
        all.addAll(new ItemApi(architect).operations());
        all.addAll(new ItemPartApi(architect).operations());
        all.addAll(new MilestoneApi(architect).operations());
        NodeApi nodes = new NodeApi(architect);
        all.addAll(nodes.operations());
        all.addAll(new ClusterApi(parts.cluster()).operations());
        all.addAll(new MetricsApi(parts.registry()).operations());
        all.addAll(new RouteApi(architect, time).operations());
        all.addAll(new CostEstimateApi(architect).operations());
        this.gateway = new GatewayApi(architect, runner, time);
        all.addAll(gateway.operations());
        all.addAll(ProblemPages.operations());
        all.addAll(new OpenApiResource(() -> operations().all(), BuildVersion.current()).operations());
        this.live = new LiveApi(
                architect,
                meters,
                time,
                parts.maxLivePages(),
                List.of(
                        sessions.topics(),
                        nodes.topics(),
                        reviews.topics(),
                        rules.topics(),
                        ProjectTopic.of(architect)));
        all.addAll(live.operations());
        architect.audit().ifPresent(chain -> all.addAll(new AuditApi(chain, checkpoints::read).operations()));
        LoginRateLimit limit = new LoginRateLimit(time);
        PasswordChecks passwords = new PasswordChecks(parts.passwords());
        access.ifPresent(users -> {
            parts.adminPassword().ifPresent(password -> addAdmin(users, password, passwords, time));
            LoginStarter starter = new LoginStarter(loginSessions, cookie, proxies, securityLog);
            LoginLimits limits = new LoginLimits(time, limit);
            SecondFactors factors = new SecondFactors(users, limits, proxies, securityLog, time);
            all.addAll(new PersonLoginApi(
                            users,
                            parts.token(),
                            passwords,
                            loginSessions,
                            cookie,
                            starter,
                            limits,
                            factors,
                            proxies,
                            securityLog,
                            time)
                    .operations());
            all.addAll(new PasskeyLoginApi(users, factors, starter, limits, origins, proxies, audit, securityLog, time)
                    .operations());
            all.addAll(new PasskeyRefreshApi(users, limits, origins, proxies, audit, securityLog, time).operations());
            all.addAll(new PasskeyApi(users, loginSessions, origins, proxies, securityLog, time).operations());
            all.addAll(new UserApi(
                            users,
                            passwords,
                            loginSessions,
                            time,
                            () -> operations().all())
                    .operations());
            all.addAll(new TotpApi(users, loginSessions, proxies, securityLog, time).operations());
            all.addAll(new LoginListApi(users, loginSessions, time).operations());
            all.addAll(new TokenApi(users, agents, architect.budgets(), time).operations());
            all.addAll(new SetUpApi(
                            setUp, parts.token(), passwords, loginSessions, cookie, limit, proxies, securityLog, time)
                    .operations());
        });
        if (parts.servesPages()) {
            all.addAll(new LoginApi(parts.token(), loginCodes, loginSessions, cookie, limit, proxies, securityLog)
                    .operations());
            all.addAll(PageFiles.operations());
            all.addAll(new PageViewApi(architect.views()).operations());
        }
        Creations creations = new Creations(
                architect.creations(),
                request -> AccessFilter.principal(request).actor());
        all.replaceAll(each -> each.isCreating() ? each.handledBy(creations.around(each.id(), each.handler())) : each);
        // Outside of the creations: what is answered again is for those who may see it.
        ProjectScope projects = new ProjectScope(architect);
        all.replaceAll(projects::around);
        this.operations = new Operations(all);
        this.accessFilter = new AccessFilter(
                origins, proxies, securityLog, parts.token(), agents, setUp, loginSessions, cookie, time, all);
        live.open(accessFilter);
        ConnectionLimits limits = ConnectionLimits.DEFAULT;
        ConnectionGuard guard =
                new ConnectionGuard(limits, proxies, time, new BodyLoader(accessFilter::bodyLimit, limits, time));
        this.javalin = Javalin.create(config -> configure(config, guard));
        this.gauges = new ArchitectGauges(architect, time);
        try {
            gauges.bindTo(parts.registry());
            JettySetup.start(javalin, guard, host, parts.port());
            this.port = javalin.port();
            recordStart(parts);
            live.start(runner);
            gateway.start();
            this.jobs = architect.jobs().takePart();
            this.exports = architect.exports().takePart();
            this.ratings = architect.rerateJobs().takePart();
        } catch (Throwable failure) {
            closeBecauseOf(failure);
            throw failure;
        }
    }

    /** For servers without a person in front of them: the password stands in a file that the operator names. */
    private void addAdmin(AccessStore users, String password, PasswordChecks passwords, TimeSource time) {
        if (users.hasUsers()) {
            return;
        }
        PasswordRules.refusal(password, FIRST_ADMIN).ifPresent(reason -> {
            throw new IllegalArgumentException("the admin's password " + reason);
        });
        User admin = User.create(FIRST_ADMIN, Set.of(UserRole.ADMIN), passwords.hash(password), time.wallTime());
        if (users.addFirst(admin)) {
            securityLog.record("set-up", "client", "none", "user", FIRST_ADMIN);
        }
    }

    private void recordStart(ArchitectServer.Builder parts) {
        securityLog.record(
                "server-started",
                "address",
                host,
                "port",
                port,
                "origins",
                listed(parts.origins()),
                "trustedProxies",
                listed(parts.trustedProxies()),
                "plainNames",
                listed(parts.hostNames()));
    }

    private void closeBecauseOf(Throwable failure) {
        try {
            close();
        } catch (RuntimeException another) {
            failure.addSuppressed(another);
        }
    }

    private static String listed(List<?> values) {
        return values.isEmpty() ? "none" : values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static Set<String> plainNames(ArchitectServer.Builder parts) {
        Set<String> names = new HashSet<>(parts.hostNames());
        names.add(inUrl(parts.host()));
        return names;
    }

    private void configure(JavalinConfig config, ConnectionGuard guard) {
        JettySetup.configure(config, guard);
        config.routes.before(accessFilter::filter);
        // The library compares a path with one route after the other, and programs call the gateway more often than
        // people click.
        List<Operation> routed = new ArrayList<>(operations.all());
        routed.sort(Comparator.comparing(operation -> !GatewayApi.isAt(operation.path())));
        for (Operation operation : routed) {
            Handler handler = ErrorResponses.loggingErrors(audit.recording(operation, accessFilter));
            config.routes.addHttpHandler(operation.method(), operation.path(), handler);
            if (operation.method().equals(HandlerType.GET)) {
                // Javalin's own answer would be 200 for whatever path, with a length of 0.
                config.routes.addHttpHandler(HandlerType.HEAD, operation.path(), handler);
            }
        }
        PathMethods methods = new PathMethods(operations.all());
        methods.paths()
                .forEach(path -> config.routes.addHttpHandler(
                        HandlerType.OPTIONS,
                        path,
                        request -> request.status(204)
                                .header("Allow", methods.allowed(request).orElse(""))));
        config.routes.after(RunningServer::stateLength);
        config.routes.wsBeforeUpgrade(LiveApi.SOCKET, request -> {
            UpgradeRequest.check(request);
            live.beforeUpgrade(request);
            // What it sends is of all projects.
            ProjectScope.requireAll(AccessFilter.principal(request));
        });
        config.routes.ws(LiveApi.SOCKET, live::configure);
        ErrorResponses.register(config.routes, methods::allowed, gateway::writeError);
    }

    /** The answer to HEAD has the length of what GET would give (RFC 9110, section 9.3.2). */
    private static void stateLength(Context request) throws IOException {
        InputStream content = request.resultInputStream();
        if (request.method().equals(HandlerType.HEAD) && content != null) {
            request.header("Content-Length", Integer.toString(content.available()));
        }
    }

    String url() {
        return "http://" + inUrl(host) + ":" + port;
    }

    String newLoginLink() {
        return url() + "/login#code=" + loginCodes.create();
    }

    int port() {
        return port;
    }

    /** All operations of the server. */
    Operations operations() {
        return operations;
    }

    private static String inUrl(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (port > 0) {
            securityLog.record("server-stopped", "address", host, "port", port);
        }
        jobs.ifPresent(RoleRegistration::close);
        exports.ifPresent(RoleRegistration::close);
        ratings.ifPresent(RoleRegistration::close);
        gauges.close();
        live.close();
        JettySetup.stop(javalin);
        checkpoints.close();
        runner.close();
    }
}
