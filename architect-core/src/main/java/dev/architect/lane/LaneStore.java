package dev.architect.lane;

import java.util.List;

/**
 * The settings of queues and tenants, and what waits in their lanes. Methods block, throw a {@link
 * dev.architect.error.StoreException} when the store fails, and are safe for use by several threads.
 */
public interface LaneStore {

    /** The most settings that a store keeps: all of them are read at once. */
    int MAX_SETTINGS = 10_000;

    /**
     * Saves settings in place of those of the same scope. Every claim from then on keeps to them, on every node.
     *
     * @throws IllegalArgumentException when there are {@link #MAX_SETTINGS} others
     */
    void save(LaneSettings settings);

    /**
     * Saves settings in place of those of the same scope, if these are what they are expected to be. Of several such changes from the same
     * settings at a time, one is made.
     *
     * @param expected of the same scope; {@link LaneSettings#of} stands for none
     * @return whether they were; if not, nothing has changed
     * @throws IllegalArgumentException when there are {@link #MAX_SETTINGS} others
     */
    boolean change(LaneSettings settings, LaneSettings expected);

    /**
     * Removes settings.
     *
     * @return whether there were any
     */
    boolean remove(LaneScope scope);

    /** Returns all settings, in the order of their scopes. */
    List<LaneSettings> settings();

    /** Returns how many tasks each lane has in each state that is not final, in any order; pairs without tasks are absent. */
    List<LaneCount> counts();
}
