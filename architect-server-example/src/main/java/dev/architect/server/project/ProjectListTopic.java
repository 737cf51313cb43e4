package dev.architect.server.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.rule.Projects;
import dev.architect.server.live.LiveTopic;
import dev.architect.server.operation.Permission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The projects by their keys. */
final class ProjectListTopic implements LiveTopic {

    private final Projects projects;

    ProjectListTopic(Architect architect) {
        this.projects = architect.projects();
    }

    @Override
    public Permission permission() {
        return Permission.read("projects");
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return change.topic() == ChangeTopic.PROJECT ? Set.copyOf(change.keys()) : Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        if (projects.isKept()) {
            projects.list(Optional.empty(), MAX_ITEMS).stream()
                    .filter(project -> project.state() != ProjectState.DELETED)
                    .forEach(project -> put(all, project));
        }
        return all;
    }

    private static void put(Map<String, ObjectNode> into, Project project) {
        into.put(project.id().name(), ProjectJson.of(project));
    }

    @Override
    public Optional<Map<String, ObjectNode>> read(Set<String> keys) {
        Map<String, ObjectNode> read = new LinkedHashMap<>();
        keys.forEach(key -> projects.find(new ProjectId(key)).ifPresent(found -> put(read, found)));
        return Optional.of(read);
    }
}
