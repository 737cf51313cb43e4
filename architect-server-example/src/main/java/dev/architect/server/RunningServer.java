package dev.architect.server;

import dev.architect.Architect;
import dev.architect.micrometer.ArchitectGauges;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.runtime.BuildVersion;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.LoginApi;
import dev.architect.server.access.LoginCodes;
import dev.architect.server.access.LoginCookie;
import dev.architect.server.access.LoginRateLimit;
import dev.architect.server.access.LoginSessions;
import dev.architect.server.access.SecurityLog;
import dev.architect.server.gateway.GatewayApi;
import dev.architect.server.ledger.LedgerApi;
import dev.architect.server.live.LiveFeed;
import dev.architect.server.live.UpgradeRequest;
import dev.architect.server.metrics.MetricsApi;
import dev.architect.server.network.BodyLoader;
import dev.architect.server.network.ConnectionGuard;
import dev.architect.server.network.ConnectionLimits;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.network.SiteOrigins;
import dev.architect.server.node.ClusterApi;
import dev.architect.server.node.NodeApi;
import dev.architect.server.page.PageFiles;
import dev.architect.server.report.BreakerApi;
import dev.architect.server.report.BudgetApi;
import dev.architect.server.report.ReportApi;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.ErrorResponses;
import dev.architect.server.rest.PathMethods;
import dev.architect.server.task.QueueApi;
import dev.architect.server.task.ScheduleApi;
import dev.architect.server.task.TaskApi;
import dev.architect.server.task.TaskOperationApi;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The wiring of one server: which endpoints there are, and what stands before them. */
final class RunningServer implements AutoCloseable {

    private final String host;
    private final Javalin javalin;
    private final LiveFeed live;
    private final LoginCodes loginCodes;
    private final ThreadRunner runner = new ThreadRunner("architect-server");
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final AccessFilter accessFilter;
    private final GatewayApi gateway;
    private final ArchitectGauges gauges;
    private final SecurityLog securityLog;
    private boolean closed;
    private volatile int port;

    RunningServer(ArchitectServer.Builder parts) {
        Architect architect = parts.architect();
        TimeSource time = parts.time();
        long startedAt = time.nanoTime();
        ArchitectMeters meters = parts.meters();
        this.host = parts.host();
        this.loginCodes = new LoginCodes(time);
        LoginSessions loginSessions = new LoginSessions(time);
        ProxyTrust proxies = new ProxyTrust(parts.trustedProxies());
        SiteOrigins origins = new SiteOrigins(parts.origins(), plainNames(parts), proxies);
        this.securityLog = new SecurityLog(time);
        LoginCookie cookie = new LoginCookie(origins, () -> port);
        endpoints.addAll(
                new ReportApi(architect, BuildVersion.current(), () -> Duration.ofNanos(time.nanoTime() - startedAt))
                        .endpoints());
        endpoints.addAll(new TaskApi(architect).endpoints());
        endpoints.addAll(new TaskOperationApi(architect).endpoints());
        endpoints.addAll(new ScheduleApi(architect).endpoints());
        endpoints.addAll(new BreakerApi(architect).endpoints());
        endpoints.addAll(new QueueApi(architect).endpoints());
        endpoints.addAll(new BudgetApi(architect).endpoints());
        endpoints.addAll(new LedgerApi(architect).endpoints());
        endpoints.addAll(new NodeApi(architect).endpoints());
        endpoints.addAll(new ClusterApi(parts.cluster()).endpoints());
        endpoints.addAll(new MetricsApi(parts.registry()).endpoints());
        this.gateway = new GatewayApi(architect, runner, time);
        endpoints.addAll(gateway.endpoints());
        endpoints.add(Endpoint.get(LiveFeed.SNAPSHOT_PATH, this::readSnapshot));
        endpoints.add(Endpoint.get(LiveFeed.PATH, UpgradeRequest::reject));
        if (parts.servesPages()) {
            endpoints.addAll(new LoginApi(
                            parts.token(),
                            loginCodes,
                            loginSessions,
                            cookie,
                            new LoginRateLimit(time),
                            proxies,
                            securityLog)
                    .endpoints());
            endpoints.addAll(PageFiles.endpoints());
        }
        this.accessFilter =
                new AccessFilter(origins, proxies, securityLog, parts.token(), loginSessions, cookie, time, endpoints);
        this.live = new LiveFeed(architect, meters, accessFilter, time);
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
        } catch (Throwable failure) {
            closeBecauseOf(failure);
            throw failure;
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
        for (Endpoint endpoint : endpoints) {
            Handler handler = ErrorResponses.loggingErrors(endpoint.handler());
            config.routes.addHttpHandler(endpoint.method(), endpoint.path(), handler);
            if (endpoint.method().equals(HandlerType.GET)) {
                // Javalin's own answer would be 200 for whatever path, with a length of 0.
                config.routes.addHttpHandler(HandlerType.HEAD, endpoint.path(), handler);
            }
        }
        PathMethods methods = new PathMethods(endpoints);
        methods.paths()
                .forEach(path -> config.routes.addHttpHandler(
                        HandlerType.OPTIONS,
                        path,
                        request -> request.status(204)
                                .header("Allow", methods.allowed(request).orElse(""))));
        config.routes.after(RunningServer::stateLength);
        config.routes.wsBeforeUpgrade(LiveFeed.PATH, request -> {
            UpgradeRequest.check(request);
            live.beforeUpgrade(request);
        });
        config.routes.ws(LiveFeed.PATH, live::configure);
        ErrorResponses.register(config.routes, methods, gateway::writeError);
    }

    /** The answer to HEAD has the length of what GET would give (RFC 9110, section 9.3.2). */
    private static void stateLength(Context request) throws IOException {
        InputStream content = request.resultInputStream();
        if (request.method().equals(HandlerType.HEAD) && content != null) {
            request.header("Content-Length", Integer.toString(content.available()));
        }
    }

    /** The feed is made after the list of endpoints, which it needs. */
    private void readSnapshot(Context request) {
        live.readSnapshot(request);
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

    /** All endpoints of the server. */
    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
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
        gauges.close();
        live.close();
        JettySetup.stop(javalin);
        runner.close();
    }
}
