package dev.architect.project.store;

import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemLink;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Set;

/** What is stored of projects, within a change: what was written before is read. As for {@link ProjectReads}, one thread uses it. */
public interface ProjectRows extends ProjectReads {

    /** Returns an id that no item and no part has, in the shard of a project; ids grow. */
    long nextId(ProjectId project);

    /** Returns the next number of a key in a project, from 1; none is returned twice once the change is durable. */
    long nextNumber(ProjectId project);

    /**
     * Stores a project, or replaces what is stored of it.
     *
     * @throws IllegalStateException when it is there and its version is not the one before
     */
    void save(Project project);

    /** Deletes a project and all that belongs to it but its events. */
    void purge(ProjectId project);

    /**
     * Stores an item, or replaces what is stored of it. Its project and key may be others than before: the event of the field {@code deleted}, with
     * the old key before and the new one after it, keeps the old key as a name of it.
     *
     * @param words what it is found by
     * @throws IllegalStateException when it is there and its version is neither the same nor the one before
     */
    void save(Item item, Set<String> words);

    /**
     * Stores a project that another store has kept, at whatever version.
     *
     * @throws IllegalStateException when it is there
     */
    void insert(Project project);

    /**
     * Stores an item that another store or program has kept, at whatever version and number.
     *
     * @param words what it is found by
     * @throws IllegalStateException when it is there
     */
    void insert(Item item, Set<String> words);

    /** Lets {@link #nextNumber} return higher numbers than {@code last} only. */
    void reserveNumbers(ProjectId project, long last);

    /** Replaces the place of an item, of which nothing else has changed. */
    void place(Item item);

    /** Deletes an item with its links, comments and attachments; its children have no parent any more, and its events stay. */
    void delete(ItemId item);

    /** Stores a part, or replaces what is stored of it, its project included. */
    void save(PartRow part);

    /** Deletes a part. */
    void delete(SubjectKind kind, long id);

    /** Deletes a label from all items, or the values of a custom field; their versions stay. */
    void forget(SubjectKind kind, long id);

    /** Stores a link, which is no parent; false when it is there. */
    boolean add(ItemLink link);

    /** Deletes a link; false when it is not there. */
    boolean remove(ItemLink link);

    /** Adds events. */
    void append(List<PlanEvent> events);

    /** Notes that a task is for an item; false when it is noted for one already. */
    boolean addTask(ItemId item, TaskId task);

    /** Stores a content under its hash, unless it is there. */
    void addContent(String sha256, byte[] content);
}
