package dev.architect.server.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.project.PlanningException;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.server.access.Principal;
import dev.architect.server.live.LiveTopic;
import dev.architect.server.live.LiveTopics;
import dev.architect.server.operation.Permission;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A project, under the key {@code project}, and its items by their ids, the newest ones first, without their texts. */
public final class ProjectTopic implements LiveTopic {

    private static final String ALL = "projects";
    private static final String NAME = "project:";
    private static final String ITSELF = "project";

    private final Architect architect;
    private final ProjectId project;

    private ProjectTopic(Architect architect, ProjectId project) {
        this.architect = architect;
        this.project = project;
    }

    /** Returns the topics of all projects: {@code projects}, and one for each. */
    public static LiveTopics of(Architect architect) {
        return name -> {
            if (name.equals(ALL)) {
                return Optional.of(new ProjectListTopic(architect));
            }
            return name.startsWith(NAME) ? find(architect, name.substring(NAME.length())) : Optional.empty();
        };
    }

    private static Optional<LiveTopic> find(Architect architect, String name) {
        try {
            return architect.projects().find(new ProjectId(name)).map(found -> new ProjectTopic(architect, found.id()));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    @Override
    public Permission permission() {
        return Permission.read("projects");
    }

    /** A token of an agent may be for some projects only. */
    @Override
    public boolean isFor(Principal principal) {
        return principal.sees(project);
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        Set<String> keys = new LinkedHashSet<>();
        if (change.topic() == ChangeTopic.PROJECT && change.keys().contains(project.name())) {
            keys.add(ITSELF);
        }
        if (change.topic() == ChangeTopic.ITEM) {
            String own = project.name() + "/";
            for (String key : change.keys()) {
                if (key.startsWith(own)) {
                    keys.add(new ItemId(Long.parseLong(key.substring(own.length()))).toString());
                }
            }
        }
        return keys;
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        putProject(all);
        if (!all.isEmpty()) {
            ItemQuery newest = ItemQuery.of(project).by(ItemOrder.NUMBER, true).withLimit(MAX_ITEMS - 1);
            architect.projects().items().list(newest).forEach(item -> put(all, item));
        }
        return all;
    }

    private void putProject(Map<String, ObjectNode> into) {
        architect.projects().find(project).ifPresent(found -> into.put(ITSELF, ProjectJson.of(found)));
    }

    private static void put(Map<String, ObjectNode> into, Item item) {
        into.put(item.id().toString(), ProjectJson.of(item.with(item.draft().withBody(""), item.revision())));
    }

    @Override
    public Optional<Map<String, ObjectNode>> read(Set<String> keys) {
        Map<String, ObjectNode> read = new LinkedHashMap<>();
        for (String key : keys) {
            if (key.equals(ITSELF)) {
                putProject(read);
            } else {
                item(ItemId.parse(key)).ifPresent(item -> put(read, item));
            }
        }
        return Optional.of(read);
    }

    private Optional<Item> item(ItemId id) {
        try {
            return Optional.of(architect.projects().items().get(id));
        } catch (PlanningException gone) {
            return Optional.empty();
        }
    }
}
