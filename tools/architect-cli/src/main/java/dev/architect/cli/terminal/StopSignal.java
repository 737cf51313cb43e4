package dev.architect.cli.terminal;

import dev.architect.thread.ThreadRunner;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ctrl-C, SIGTERM and SIGHUP as something to wait for. Open it before everything that must be closed in order. The first signal asks for an
 * orderly stop. The second one asks for a quick stop, for which there are {@link #QUICK_STOP} until the process ends whatever goes on, and
 * a third one ends it at once. Safe for use by several threads.
 */
public final class StopSignal implements AutoCloseable {

    /** How long a quick stop may take. */
    public static final Duration QUICK_STOP = Duration.ofSeconds(4);

    /** How long the process waits for an orderly stop where the JVM does not let its signals be handled. */
    private static final Duration HOOK_TIMEOUT = Duration.ofSeconds(45);

    /** What a shell adds to the number of the signal that ended a process. */
    private static final int SIGNAL_EXIT = 128;

    private static final int MAX_SIGNALS = 3;
    private static final AtomicInteger RECEIVED = new AtomicInteger();

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch repeated = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger count = new AtomicInteger();
    private final ThreadRunner runner = new ThreadRunner("gaia");
    private final Thread hook = runner.factory("stop").newThread(this::endByHook);
    private final Map<Object, Object> earlierHandlers = new LinkedHashMap<>();

    private final Runnable action;

    private StopSignal(Runnable action) {
        this.action = action;
    }

    /** Begins to listen. */
    public static StopSignal listen() {
        return listen(() -> {});
    }

    /** Begins to listen; {@code action} runs when a stop is requested, on a thread of its own. */
    public static StopSignal listen(Runnable action) {
        StopSignal signal = new StopSignal(action);
        RECEIVED.set(0);
        if (!signal.handleSignals()) {
            Runtime.getRuntime().addShutdownHook(signal.hook);
        }
        return signal;
    }

    /** The exit code of a process that a signal has asked to stop: 128 and the number of the signal; empty when none has. */
    public static OptionalInt exitCode() {
        int number = RECEIVED.get();
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(SIGNAL_EXIT + number);
    }

    /**
     * Takes over the signals, so that the JVM does not begin to end with the first one, when a second one would change nothing. Its
     * handlers are no API of Java, so they are called by reflection.
     */
    @SuppressWarnings("ReferenceEquality")
    private boolean handleSignals() {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler received = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    receive((int) signalType.getMethod("getNumber").invoke(arguments[0]));
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "StopSignal";
            };
            Object handler =
                    Proxy.newProxyInstance(StopSignal.class.getClassLoader(), new Class<?>[] {handlerType}, received);
            for (String name : List.of("INT", "TERM", "HUP")) {
                Object signal = signalType.getConstructor(String.class).newInstance(name);
                Object earlier =
                        signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
                earlierHandlers.put(signal, earlier);
            }
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            // Without them (java -Xrs), or on a system that has no such signal, the JVM's own way remains for the
            // others.
            return !earlierHandlers.isEmpty();
        }
    }

    private void receive(int number) {
        RECEIVED.compareAndSet(0, number);
        int so = count.incrementAndGet();
        requested.countDown();
        if (so == 1) {
            runner.startPlatform("stop-action", action);
        }
        if (so == 2) {
            repeated.countDown();
            runner.startPlatform("quick-stop", () -> end(QUICK_STOP));
        } else if (so >= MAX_SIGNALS) {
            end(Duration.ZERO);
        }
    }

    /** Ends the process unless everything is closed in time. */
    private void end(Duration timeout) {
        try {
            if (!closed.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                Runtime.getRuntime().halt(exitCode().orElse(SIGNAL_EXIT));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void endByHook() {
        requested.countDown();
        action.run();
        // The process ends when its hooks have returned, so this one waits until everything is closed.
        try {
            closed.await(HOOK_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a stop was requested. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits until a stop is requested. */
    public void await() throws InterruptedException {
        requested.await();
    }

    /** Waits until a stop is requested, at most for {@code duration}; returns whether it was. */
    public boolean await(Duration duration) throws InterruptedException {
        return requested.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs {@code action} on a thread of its own when a second signal comes, or at once when it has come already. */
    public void onRepeat(Runnable action) {
        runner.startPlatform("second-signal", () -> {
            try {
                repeated.await();
                action.run();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Lets the process end. */
    @Override
    public void close() {
        // First, for the hook may already wait for it.
        closed.countDown();
        if (earlierHandlers.isEmpty() && !isRequested()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endsJustNow) {
                // The process has begun to end meanwhile; then the hook has run, or runs, and cannot be removed.
                requested.countDown();
            }
        }
        restoreHandlers();
        runner.close();
    }

    private void restoreHandlers() {
        earlierHandlers.forEach((signal, earlier) -> {
            try {
                Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
                signal.getClass()
                        .getMethod("handle", signal.getClass(), handlerType)
                        .invoke(null, signal, earlier);
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException("a signal handler could be set and cannot be set back", impossible);
            }
        });
        earlierHandlers.clear();
    }
}
