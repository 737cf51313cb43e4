package dev.architect.simulator;

import dev.architect.simulator.http.RawHttpServer;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.SimulatorScript;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Six LLM providers on one loopback port: a real HTTP server that answers, fails and bills as its script defines.
 *
 * <p>The script can be changed while the server runs; a change applies to requests that arrive after it. See the
 * package description for the paths, the way tokens are counted, and the control endpoint.
 *
 * <p>Safe for use by several threads. {@link #close()} ends all connections.
 */
public final class ProviderSimulator implements AutoCloseable {

    private final AtomicReference<SimulatorScript> script;
    private final CallLog log;
    private final RawHttpServer server;

    private ProviderSimulator(AtomicReference<SimulatorScript> script, CallLog log, RawHttpServer server) {
        this.script = script;
        this.log = log;
        this.server = server;
    }

    /**
     * Starts on any free port of 127.0.0.1.
     *
     * @throws IOException when no port can be opened
     */
    public static ProviderSimulator start(SimulatorScript script) throws IOException {
        return startAt(0, script);
    }

    /**
     * Starts on a port of 127.0.0.1.
     *
     * @param port the port, 1 to 65535; 0 takes any free one
     * @throws IOException when the port is taken or may not be opened; the message names it
     */
    public static ProviderSimulator startAt(int port, SimulatorScript script) throws IOException {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ", expected 0 to 65535");
        }
        AtomicReference<SimulatorScript> current = new AtomicReference<>(script);
        CallLog log = new CallLog();
        try {
            CallHandler handler = new CallHandler(current, log, new ControlEndpoint(current, log));
            return new ProviderSimulator(current, log, RawHttpServer.start(port, handler));
        } catch (IOException e) {
            throw new IOException("port " + port + " of 127.0.0.1 cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The port that the server listens on. */
    public int port() {
        return server.port();
    }

    /**
     * The base URL to configure in a provider's adapter instead of the vendor's.
     *
     * @param provider one of {@link SimulatorScript#PROVIDERS}
     */
    public URI baseUrl(String provider) {
        String path = switch (SimulatorScript.checkProvider(provider)) {
            case "openai" -> "openai/v1";
            case "anythingllm" -> "anythingllm/api";
            default -> provider;
        };
        return URI.create("http://127.0.0.1:" + port() + "/" + path);
    }

    /** The address of the control endpoint. */
    public URI controlUrl() {
        return URI.create("http://127.0.0.1:" + port() + "/control");
    }

    /** The current script. */
    public SimulatorScript script() {
        return script.get();
    }

    /** Replaces the script by a changed one, in one step; the change may be tried more than once. */
    public void update(UnaryOperator<SimulatorScript> change) {
        script.updateAndGet(change);
    }

    /** Starts an outage of one provider. */
    public void setOutage(String provider, Outage outage) {
        update(current -> current.with(provider, one -> one.withOutage(outage)));
    }

    /** Ends the outage of one provider. */
    public void clearOutage(String provider) {
        update(current -> current.with(provider, one -> one.withOutage(null)));
    }

    /**
     * The requests received since the start or the last {@link #clearLog()}, in order of arrival.
     *
     * <p>Includes probes and calls that are still open. Keeps the latest half million; the sums cover all.
     */
    public List<SimulatedCall> log() {
        return log.calls();
    }

    /** Empties the log and sets the sums to zero. */
    public void clearLog() {
        log.clear();
    }

    /** What one provider billed since the start or the last {@link #clearLog()}, in pico-dollars. */
    public BigInteger billed(String provider) {
        return log.sum(SimulatorScript.checkProvider(provider)).billedPicoUsd();
    }

    /** What all providers billed since the start or the last {@link #clearLog()}, in pico-dollars. */
    public BigInteger billed() {
        return log.total().billedPicoUsd();
    }

    /**
     * Waits until this many requests have arrived since the start or the last {@link #clearLog()}.
     *
     * @return false when the timeout elapsed before
     */
    public boolean awaitCalls(int count, Duration timeout) throws InterruptedException {
        return log.awaitArrived(count, timeout);
    }

    /**
     * Waits until this many requests are no longer open; a request that {@link Outage#SILENT} leaves unanswered counts.
     *
     * @return false when the timeout elapsed before
     */
    public boolean awaitFinished(int count, Duration timeout) throws InterruptedException {
        return log.awaitFinished(count, timeout);
    }

    @Override
    public void close() {
        server.close();
    }
}
