package dev.architect.testkit.simulation;

import java.util.ArrayList;
import java.util.List;

/** A process of a simulation: threads that crash together and are frozen together. Used by the thread whose turn it is. */
final class SimulatedProcess {

    private final String name;
    private final List<SimulatedThread> threads = new ArrayList<>();
    // Those that could run if the process were not frozen.
    private final List<SimulatedThread> held = new ArrayList<>();
    private boolean crashed;
    private boolean frozen;
    private long thawedAt;

    SimulatedProcess(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    List<SimulatedThread> threads() {
        return threads;
    }

    List<SimulatedThread> held() {
        return held;
    }

    boolean isCrashed() {
        return crashed;
    }

    void setCrashed() {
        crashed = true;
        frozen = false;
    }

    boolean isFrozen() {
        return frozen;
    }

    void setFrozen(boolean changed, long now) {
        frozen = changed;
        thawedAt = now;
    }

    /** When it was frozen or thawed the last time. */
    long thawedAt() {
        return thawedAt;
    }
}
