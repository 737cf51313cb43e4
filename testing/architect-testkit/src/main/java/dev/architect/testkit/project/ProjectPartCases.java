package dev.architect.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.project.PartId;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.StaleVersionException;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.Label;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.SavedView;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Labels, custom fields, views, comments and attachments. */
abstract class ProjectPartCases extends ProjectCases {

    ProjectPartCases(ProjectStoreContract contract) {
        super(contract);
    }

    @Test
    void keepsLabelsAndTheirNamesApart() {
        Label label = projects().parts().addLabel(id(), new LabelDraft("Bug", "#ff0000", "What is wrong"), ADA);

        refused(() -> projects().parts().addLabel(id(), LabelDraft.of("bUG"), ADA), Kind.TAKEN);
        Label changed = projects().parts().editLabel(label.id(), 1, LabelDraft.of("Defect"), BOB);

        assertThat(projects().parts().labels(id())).containsExactly(changed);
        assertThat(projects().parts().label(label.id())).isEqualTo(changed);
        assertThatThrownBy(() -> projects().parts().editLabel(label.id(), 1, LabelDraft.of("Else"), BOB))
                .isInstanceOfSatisfying(
                        StaleVersionException.class,
                        stale ->
                                assertThat(stale.changed()).containsExactlyInAnyOrder("name", "colour", "description"));
    }

    @Test
    void aDeletedLabelLeavesItsItems() {
        Label label = projects().parts().addLabel(id(), LabelDraft.of("Bug"), ADA);
        Item item = add(ItemDraft.of(ItemKind.BUG, "One").withBody("Text").withLabels(Set.of(label.id())));

        projects().parts().deleteLabel(label.id(), 1, ADA);

        assertThat(projects().parts().labels(id())).isEmpty();
        assertThat(get(item).draft()).isEqualTo(item.draft().withLabels(Set.of()));
        assertThat(get(item).revision()).isEqualTo(item.revision());
    }

    @Test
    void aDeletedFieldKeepsItsValuesForThirtyDays() {
        FieldDraft draft = new FieldDraft("Team", FieldKind.CHOICE, List.of("red", "blue"));
        CustomField field = projects().parts().addField(id(), draft, ADA);
        Item item = add(ItemDraft.of(ItemKind.BUG, "One").withFields(Map.of(field.id(), "red")));
        refused(
                () -> projects()
                        .parts()
                        .editField(field.id(), 1, new FieldDraft("Team", FieldKind.TEXT, List.of()), ADA),
                Kind.NOT_POSSIBLE);

        projects().parts().deleteField(field.id(), 1, ADA);

        assertThat(projects().parts().fields(id())).isEmpty();
        assertThat(get(item).draft().fields()).containsEntry(field.id(), "red");
        // The name is free again at once; the values go when the next field is made after that time.
        CustomField again = projects().parts().addField(id(), draft, ADA);
        assertThat(get(item).draft().fields()).containsKey(field.id());
        time().advance(Duration.ofDays(31));
        projects().parts().addField(id(), new FieldDraft("Other", FieldKind.FLAG, List.of()), ADA);
        assertThat(get(item).draft().fields()).isEmpty();
        assertThat(projects().parts().field(again.id())).isEqualTo(again);
    }

    @Test
    void viewsAreOfTheirOwners() {
        SavedView own = projects()
                .parts()
                .addView(id(), new ViewDraft("Mine", "is:blocked", ViewDraft.Layout.TABLE, false), ADA);
        SavedView shared =
                projects().parts().addView(id(), new ViewDraft("All", "", ViewDraft.Layout.BOARD, true), ADA);

        assertThat(projects().parts().views(id(), ADA)).containsExactly(own, shared);
        assertThat(projects().parts().views(id(), BOB)).containsExactly(shared);
        refused(() -> projects().parts().deleteView(own.id(), 1, BOB), Kind.NOT_FOUND);
        refused(() -> projects().parts().editView(shared.id(), 1, own.draft(), BOB), Kind.NOT_POSSIBLE);
        projects().parts().deleteView(own.id(), 1, ADA);
        assertThat(projects().parts().views(id(), ADA)).containsExactly(shared);
    }

    @Test
    void keepsThreadsOfComments() {
        Item item = add("One");
        Comment first = projects().comments().add(item.id(), Optional.empty(), "Why \u0000?", ADA);
        Comment answer = projects().comments().add(item.id(), Optional.of(first.id()), "Because", BOB);

        refused(() -> projects().comments().add(item.id(), Optional.of(answer.id()), "Deeper", ADA), Kind.TOO_DEEP);
        refused(() -> projects().comments().add(add("Two").id(), Optional.of(first.id()), "Else", ADA), Kind.NOT_FOUND);
        refused(() -> projects().comments().edit(first.id(), 1, "Not mine", BOB), Kind.NOT_POSSIBLE);
        Comment edited = projects().comments().edit(first.id(), 1, "Why not?", ADA);
        Comment resolved = projects().comments().resolve(first.id(), true, BOB);

        assertThat(edited.earlier()).containsExactly("Why \u0000?");
        assertThat(resolved.resolvedAt()).isPresent();
        assertThat(projects().comments().of(item.id())).containsExactly(resolved, answer);
        assertThat(projects().comments().resolve(first.id(), false, BOB).resolvedAt())
                .isEmpty();
        projects().comments().delete(first.id(), 4, ADA);
        assertThat(projects().comments().of(item.id())).isEmpty();
    }

    @Test
    void keepsAttachmentsByTheirContent() {
        Item item = add("One");
        byte[] text = "plain text".getBytes(StandardCharsets.UTF_8);
        byte[] image = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0};

        Attachment first = projects().attachments().add(item.id(), "notes.txt", "text/plain", text, ADA);
        Attachment second = projects().attachments().add(item.id(), "notes.txt", "", text, BOB);
        Attachment picture = projects().attachments().add(item.id(), "a.bin", "image/png", image, ADA);

        assertThat(first.sha256()).isEqualTo(second.sha256());
        assertThat(picture.type()).isEqualTo("image/png");
        assertThat(projects().attachments().of(item.id())).containsExactly(first, second, picture);
        assertThat(projects().attachments().content(picture)).isEqualTo(image);
        projects().attachments().delete(first.id(), ADA);
        assertThat(projects().attachments().content(second)).isEqualTo(text);
        assertThatThrownBy(() -> projects().attachments().add(item.id(), "a.png", "image/png", text, ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image/png");
        assertThatThrownBy(() -> projects().attachments().add(item.id(), "../a", "", text, ADA))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> projects().attachments().add(item.id(), "a", "", new byte[Attachment.MAX_BYTES + 1], ADA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("25000001");
        refused(() -> projects().attachments().get(new PartId(1)), Kind.NOT_FOUND);
    }
}
