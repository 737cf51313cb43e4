package dev.architect.project.store;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.Repository;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The JSON form of projects, for stores and for the web. What is empty is left out. */
public final class ProjectCodec {

    /** The fields that {@link #draft} reads. */
    public static final Set<String> DRAFT_FIELDS =
            Set.of("title", "description", "lead", "repositories", "colour", "reviewed", "defaultLabels");

    private ProjectCodec() {}

    /** Returns all fields of a project; {@code key} is its name. */
    public static Map<String, Object> fields(Project project) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", Check.notNull("project", project).id().name());
        fields.put("prefix", project.prefix());
        fields.putAll(fields(project.draft()));
        fields.put("state", JsonFields.wordOf(project.state()));
        project.deletedAt().ifPresent(at -> fields.put("deletedAt", at.toString()));
        project.template().ifPresent(template -> fields.put("template", template));
        PlanTexts.put(fields, project.revision());
        return fields;
    }

    /** Returns what people may change of a project. */
    public static Map<String, Object> fields(ProjectDraft draft) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("title", Check.notNull("draft", draft).title());
        fields.put("description", draft.description());
        draft.lead().ifPresent(lead -> fields.put("lead", lead.toString()));
        List<Object> repositories = new ArrayList<>();
        for (Repository each : draft.repositories()) {
            Map<String, Object> repository = new LinkedHashMap<>();
            repository.put("location", each.location());
            repository.put("branch", each.branch());
            repositories.add(repository);
        }
        fields.put("repositories", repositories);
        draft.colour().ifPresent(each -> fields.put("colour", each));
        fields.put("reviewed", draft.isReviewed());
        if (!draft.defaultLabels().isEmpty()) {
            fields.put("defaultLabels", draft.defaultLabels());
        }
        return fields;
    }

    /**
     * Reads what people may change of a project.
     *
     * @throws InvalidFieldException when a field has another form or the title is missing
     */
    public static ProjectDraft draft(JsonFields fields) {
        Check.notNull("fields", fields);
        return PlanTexts.named(
                fields,
                () -> new ProjectDraft(
                        fields.requiredText("title"),
                        fields.text("description").orElse(""),
                        PlanTexts.parsed(fields, "lead", Actor::parse),
                        fields.objects("repositories").stream()
                                .map(each -> PlanTexts.named(
                                        each,
                                        () -> new Repository(
                                                each.requiredText("location"),
                                                each.text("branch").orElse("main"))))
                                .toList(),
                        fields.text("colour"),
                        fields.flag("reviewed", true),
                        fields.texts("defaultLabels")));
    }

    /** Writes a project. */
    public static String write(Project project) {
        return JsonText.write(fields(project));
    }

    /** Reads what {@link #write} has written. */
    public static Project read(String json) {
        JsonFields fields = JsonFields.parse(Check.notNull("json", json));
        return new Project(
                new ProjectId(fields.requiredText("key")),
                fields.requiredText("prefix"),
                draft(fields),
                fields.constant("state", ProjectState.class).orElseThrow(),
                PlanTexts.instant(fields, "deletedAt"),
                PlanTexts.revision(fields),
                fields.text("template"));
    }
}
