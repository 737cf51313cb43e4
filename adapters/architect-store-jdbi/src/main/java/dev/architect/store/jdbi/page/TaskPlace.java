package dev.architect.store.jdbi.page;

/**
 * A place in the order of a list of tasks.
 *
 * @param created the time of creation in microseconds, if the order is that of the times
 * @param id the task there; the largest or smallest number for the begin of the list
 */
public record TaskPlace(long created, long id) {}
