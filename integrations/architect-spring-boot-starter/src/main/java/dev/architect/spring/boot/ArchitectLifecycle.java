package dev.architect.spring.boot;

import dev.architect.Architect;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * When the node of this application claims tasks.
 *
 * <p>It begins when every bean is made. When the context is closed, it claims nothing more at once, while the web server answers what it has
 * accepted: those requests still submit tasks and ask models. Then, in a phase of its own after the web server's and before those of beans
 * with the usual phases below, running tasks end or are handed back. The {@code Architect} itself is closed with the beans, after all
 * that uses it.
 */
final class ArchitectLifecycle
        implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, ApplicationContextAware {

    /** Phases stop from the highest on: requests end in the last but 1,024 and the web server in the last but 2,048, in both generations. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3_072;

    private final Architect architect;
    private @Nullable ApplicationContext context;
    private volatile boolean running;

    ArchitectLifecycle(Architect architect) {
        this.architect = architect;
    }

    @Override
    public void setApplicationContext(ApplicationContext applicationContext) throws BeansException {
        this.context = applicationContext;
    }

    @Override
    public void start() {
        architect.sessions().resume();
        running = true;
    }

    /** Blocks for the stop limit at most. The node can be started again. */
    @Override
    public void stop() {
        architect.sessions().drain();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        // Those of child contexts arrive as well, for example that of the management port.
        if (event.getApplicationContext().equals(context)) {
            architect.sessions().pause();
        }
    }
}
