package dev.architect.router.admission;

import dev.architect.model.ProviderHealth;
import dev.architect.route.BreakerState;
import dev.architect.router.policy.ProbeSettings;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes providers of which no call shows how they are: one of their models is out of order, or had no call for an interval. Each provider
 * has a thread of its own, so that one that does not answer delays no other, and no request waits for a probe.
 *
 * <p>A probe that fails makes the idle models of the provider suspect, a second one in a row opens their circuit breakers. A probe that is
 * answered closes what probes opened; what calls opened only a call may close. Intervals vary by a tenth.
 *
 * <p>Safe for use by several threads. {@link #close} ends the loops.
 */
public final class ProviderProbes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderProbes.class);

    private static final int VARIATION = 10;

    private final HealthControl health;
    private final TimeSource time;
    private final ThreadRunner threads;
    private final List<Loop> loops = new ArrayList<>();
    private volatile ProbeSettings settings = ProbeSettings.OFF;
    private volatile boolean closed;

    /** Creates probes that are off. The threads belong to the caller, who closes them after this. */
    public ProviderProbes(
            Collection<ProviderState> providers, HealthControl health, ThreadRunner threads, TimeSource time) {
        this.threads = threads;
        this.health = health;
        this.time = time;
        for (ProviderState provider : providers) {
            loops.add(new Loop(provider));
        }
    }

    /** Follows these settings from now on. Called by one thread at a time. */
    public void follow(ProbeSettings changed) {
        ProbeSettings before = settings;
        settings = changed;
        if (before.equals(changed) || closed) {
            return;
        }
        for (Loop loop : loops) {
            loop.follow();
        }
    }

    /** Ends the probes; one that is on its way changes nothing any more. */
    @Override
    public void close() {
        closed = true;
        loops.forEach(loop -> loop.wakeUp.signal());
    }

    /** The probes of one provider. */
    private final class Loop {
        private final ProviderState provider;
        private final WakeUp wakeUp = time.newWakeUp();
        private final Object lock = new Object();
        /** Guarded by the lock. */
        private boolean hasThread;

        // Of its thread only.
        private int failed;

        Loop(ProviderState provider) {
            this.provider = provider;
        }

        /** Starts its thread when it is to have one. One that runs takes the new settings by itself. */
        void follow() {
            synchronized (lock) {
                if (settings.isEnabled() && !hasThread) {
                    hasThread = true;
                    start();
                }
            }
            wakeUp.signal();
        }

        private void start() {
            try {
                threads.start("probe-" + provider.name(), this::run);
            } catch (Throwable noThread) {
                // Requests are served without probes.
                hasThread = false;
                LOG.error("provider {} is not probed", provider.name(), noThread);
            }
        }

        private void run() {
            long due = time.nanoTime() + varied(settings.interval());
            while (goesOn()) {
                // Shorter than before when the settings changed.
                long left = Math.min(due - time.nanoTime(), varied(settings.interval()));
                if (left > 0) {
                    await(left);
                    continue;
                }
                probe();
                due = time.nanoTime() + varied(settings.interval());
            }
        }

        private boolean goesOn() {
            synchronized (lock) {
                hasThread = settings.isEnabled() && !closed;
                return hasThread;
            }
        }

        private void await(long nanos) {
            try {
                wakeUp.await(Duration.ofNanos(nanos));
            } catch (InterruptedException stop) {
                // Only close() interrupts it, which is seen next; what a provider left behind means nothing.
                LOG.debug("the wait for a probe of {} was interrupted", provider.name());
            }
        }

        private long varied(Duration interval) {
            long part = interval.toNanos() / VARIATION;
            return interval.toNanos() - part + time.random(2 * part + 1);
        }

        private void probe() {
            if (provider.deployments().stream().noneMatch(this::isUnknown)) {
                failed = 0;
                return;
            }
            boolean isUsable = isUsable();
            // What the provider has left behind must not end the next wait.
            Thread.interrupted();
            if (closed) {
                return;
            }
            boolean hadFailed = failed > 0;
            failed = isUsable ? 0 : failed + 1;
            for (Deployment deployment : provider.deployments()) {
                // Looked at once more: a call that ended meanwhile shows more than the probe.
                if (isUnknown(deployment)) {
                    if (isUsable) {
                        health.recordHealthyProbe(deployment, hadFailed);
                    } else {
                        health.recordFailedProbe(deployment, failed);
                    }
                }
            }
        }

        private boolean isUsable() {
            try {
                ProviderHealth found = provider.provider().probe();
                if (!found.usable()) {
                    LOG.info("a probe found provider {} out of order: {}", provider.name(), found.detail());
                }
                return found.usable();
            } catch (Throwable failure) {
                // Not only exceptions: a provider may be code of the host, and the next probe is due in any case.
                LOG.info("a probe of provider {} failed", provider.name(), failure);
                return false;
            }
        }

        /** Whether no call shows how the model is. */
        private boolean isUnknown(Deployment deployment) {
            DeploymentCircuitBreaker breaker = deployment.breaker();
            return deployment.modelPolicy().isEnabled()
                    && !breaker.isTripped()
                    && (breaker.state() != BreakerState.CLOSED
                            || (deployment.limiter().inUse() == 0
                                    && breaker.nanosSinceLastCall()
                                            >= settings.interval().toNanos()));
        }
    }
}
