package dev.architect.testkit.simulation;

import java.util.ArrayList;
import java.util.List;

/** A thread of a simulated process, which runs on a carrier. Its fields are used by the thread whose turn it is. */
final class SimulatedThread {

    final ThreadSchedule schedule;
    final SimulatedProcess process;
    final String name;
    final int number;
    final Runnable work;
    final List<SimulatedThread> joining = new ArrayList<>();
    CarrierThread carrier;
    /** Which wait it is in; 0 while it runs or could run. */
    long wait;

    boolean canBeInterrupted;
    /** It was interrupted by another thread, and has not run since. */
    boolean isInterrupted;
    /** It was interrupted at some time. */
    boolean wasInterrupted;

    boolean hasEnded;
    /** Its turn has come. The only field that two threads use at once. */
    volatile boolean hasTurn;

    SimulatedThread(ThreadSchedule schedule, SimulatedProcess process, String name, int number, Runnable work) {
        this.schedule = schedule;
        this.process = process;
        this.name = name;
        this.number = number;
        this.work = work;
    }

    /** The simulated thread that calls. */
    static SimulatedThread current() {
        return ((CarrierThread) Thread.currentThread()).thread();
    }

    @Override
    public String toString() {
        return process.name() + "/" + name;
    }
}
