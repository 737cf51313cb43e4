package dev.architect.server;

import dev.architect.Architect;
import dev.architect.micrometer.ArchitectGauges;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.runtime.BuildVersion;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.HostCheck;
import dev.architect.server.access.LoginApi;
import dev.architect.server.access.LoginCodes;
import dev.architect.server.access.LoginCookie;
import dev.architect.server.access.LoginRateLimit;
import dev.architect.server.access.LoginSessions;
import dev.architect.server.live.LiveFeed;
import dev.architect.server.metrics.MetricsApi;
import dev.architect.server.page.PageFiles;
import dev.architect.server.report.ReportApi;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.ErrorResponses;
import dev.architect.server.task.TaskApi;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The wiring of one server: which endpoints there are, and what stands before them. */
final class RunningServer implements AutoCloseable {

    private final String host;
    private final Javalin javalin;
    private final LiveFeed live;
    private final LoginCodes loginCodes;
    private final ThreadRunner runner = new ThreadRunner("architect-server");
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final AccessFilter accessFilter;
    private final ArchitectGauges gauges;
    private volatile int port;

    RunningServer(ArchitectServer.Builder parts) {
        Architect architect = parts.architect();
        TimeSource time = parts.time();
        long startedAt = time.nanoTime();
        ArchitectMeters meters = parts.meters();
        this.host = parts.host();
        this.loginCodes = new LoginCodes(time);
        LoginSessions loginSessions = new LoginSessions(time);
        LoginCookie cookie = new LoginCookie(() -> port);
        endpoints.addAll(
                new ReportApi(architect, BuildVersion.current(), () -> Duration.ofNanos(time.nanoTime() - startedAt))
                        .endpoints());
        endpoints.addAll(new TaskApi(architect).endpoints());
        endpoints.addAll(new MetricsApi(parts.registry()).endpoints());
        endpoints.add(Endpoint.get(LiveFeed.SNAPSHOT_PATH, this::readSnapshot));
        if (parts.servesPages()) {
            endpoints.addAll(new LoginApi(parts.token(), loginCodes, loginSessions, cookie, new LoginRateLimit(time))
                    .endpoints());
            endpoints.addAll(PageFiles.endpoints());
        }
        this.accessFilter = new AccessFilter(hostCheck(parts), parts.token(), loginSessions, cookie, time, endpoints);
        this.live = new LiveFeed(architect, meters, accessFilter, time);
        this.javalin = Javalin.create(this::configure);
        this.gauges = new ArchitectGauges(architect, time);
        try {
            gauges.bindTo(parts.registry());
            JettySetup.start(javalin, host, parts.port());
            this.port = javalin.port();
            live.start(runner);
        } catch (Throwable failure) {
            closeBecauseOf(failure);
            throw failure;
        }
    }

    private void closeBecauseOf(Throwable failure) {
        try {
            close();
        } catch (RuntimeException another) {
            failure.addSuppressed(another);
        }
    }

    private static HostCheck hostCheck(ArchitectServer.Builder parts) {
        Set<String> names = new HashSet<>(parts.hostNames());
        names.add(inUrl(parts.host()));
        return new HostCheck(names);
    }

    private void configure(JavalinConfig config) {
        JettySetup.configure(config);
        config.routes.before(accessFilter::filter);
        for (Endpoint endpoint : endpoints) {
            config.routes.addHttpHandler(
                    endpoint.method(), endpoint.path(), ErrorResponses.loggingErrors(endpoint.handler()));
        }
        config.routes.wsBeforeUpgrade(LiveFeed.PATH, live::beforeUpgrade);
        config.routes.ws(LiveFeed.PATH, live::configure);
        ErrorResponses.register(config.routes);
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
        gauges.close();
        live.close();
        JettySetup.stop(javalin);
        runner.close();
    }
}
