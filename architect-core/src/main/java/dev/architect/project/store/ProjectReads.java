package dev.architect.project.store;

import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemLink;
import dev.architect.task.TaskId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is stored of projects. One is valid until the call that was given it returns, and used by its thread only. Methods throw a {@link
 * dev.architect.error.StoreException} when the store fails, at once or from the call as a whole.
 */
public interface ProjectReads {

    /** The most ids that one call names. */
    int MAX_IDS = 500;

    /** Returns a project in any state. */
    Optional<Project> project(ProjectId id);

    /** Returns the project that has a prefix, in any state. */
    Optional<Project> projectOf(String prefix);

    /**
     * Returns projects in any state, by name.
     *
     * @param after only those after this one; empty for the first ones
     * @param limit 1 to 500
     */
    List<Project> projects(Optional<ProjectId> after, int limit);

    /** Returns an item with its body. */
    Optional<Item> item(ItemId id);

    /** Returns an item with its body, also by a key that it had before it was moved to another project, while that project is there. */
    Optional<Item> item(ItemKey key);

    /** Returns items without their bodies. */
    List<Item> items(ItemQuery query);

    /** Returns how many items a query finds, whatever its limit and begin; counting stops at {@code most}. */
    long count(ItemQuery query, long most);

    /** Returns how many items each column has, by its id; columns without items are left out. */
    Map<Long, Long> countByColumn(ProjectId project);

    /** Returns the items that have one of some parents, in the order of their ids, without bodies; at most {@link #MAX_IDS} parents. */
    List<ItemId> children(Collection<ItemId> parents);

    /** Returns a part. */
    Optional<PartRow> part(SubjectKind kind, long id);

    /**
     * Returns parts in the order of their ids, which is that of their making.
     *
     * @param owner the item or milestone that they belong to; 0 for those that belong to none
     * @param after only those with a higher id; 0 for the first ones
     * @param limit 1 to 1,000
     */
    List<PartRow> parts(SubjectKind kind, ProjectId project, long owner, long after, int limit);

    /** Returns the stored relations of an item, in both directions: all kinds but parents. */
    List<ItemLink> links(ItemId item);

    /**
     * Returns what has to wait for some items: those that they block, and their parents. Each as a link from one of them.
     *
     * @param items at most {@link #MAX_IDS}
     */
    List<ItemLink> waiting(Collection<ItemId> items);

    /**
     * Returns events about one thing, newest first.
     *
     * @param before only those with a lower sequence; {@link Long#MAX_VALUE} for the newest
     * @param limit 1 to 500
     */
    List<PlanEvent> events(ProjectId project, SubjectKind kind, long subject, long before, int limit);

    /**
     * Returns the events about one field of all items of a project, oldest first.
     *
     * @param after only those with a higher sequence; 0 for the oldest
     * @param limit 1 to 10,000
     */
    List<PlanEvent> itemEvents(ProjectId project, String field, long after, int limit);

    /**
     * Returns the events about everything in a project, oldest first.
     *
     * @param after only those with a higher sequence; 0 for the oldest
     * @param limit 1 to 10,000
     */
    List<PlanEvent> events(ProjectId project, long after, int limit);

    /** Returns the highest number that a key of a project was given; 0 when there is none. */
    long lastNumber(ProjectId project);

    /** Returns the names of the fields that were changed after a version. */
    Set<String> changedSince(ProjectId project, SubjectKind kind, long subject, long version);

    /** Returns the tasks of an item, oldest first, at most 1,000. */
    List<TaskId> tasks(ItemId item);

    /** Returns the item that a task is for. */
    Optional<ItemId> itemOf(TaskId task);

    /** Returns the content with a hash. */
    Optional<byte[]> content(String sha256);
}
