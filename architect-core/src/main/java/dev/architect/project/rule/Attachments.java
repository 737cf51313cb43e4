package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.SubjectKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Files beside items. What a file is decide its first bytes, never its name or what its sender says. Methods block for the store; safe for use by
 * several threads.
 */
public final class Attachments {

    /** The most attachments of an item. */
    public static final int MOST = 100;

    private static final String UNKNOWN = "application/octet-stream";

    private final Planning planning;

    Attachments(Planning planning) {
        this.planning = planning;
    }

    /** Returns the attachments of an item, oldest first. */
    public List<Attachment> of(ItemId item) {
        Check.notNull("item", item);
        return planning.read(reads -> {
            Item found = Planning.require(reads, item);
            return Planning.parts(
                    reads, SubjectKind.ATTACHMENT, found.project(), item.value(), ProjectPartCodec::attachment);
        });
    }

    /**
     * Returns an attachment.
     *
     * @throws PlanningException when there is none with that id
     */
    public Attachment get(PartId id) {
        Check.notNull("id", id);
        return planning.read(reads -> ProjectPartCodec.attachment(
                Planning.require(reads, SubjectKind.ATTACHMENT, id.value(), id.toString())));
    }

    /** Returns the content of an attachment. */
    public byte[] content(Attachment attachment) {
        Check.notNull("attachment", attachment);
        return planning.read(reads -> reads.content(attachment.sha256()))
                .orElseThrow(() -> PlanningException.notFound(
                        "the content of attachment " + attachment.id() + " is not there, expected it"));
    }

    /**
     * Adds a file.
     *
     * @param name its file name, without a path
     * @param claimed the type that its sender says it is; empty when nothing was said
     * @param content 1 to {@link Attachment#MAX_BYTES} bytes
     * @throws IllegalArgumentException when it is too big, or an image, PDF or archive that its first bytes are not
     */
    public Attachment add(ItemId item, String name, String claimed, byte[] content, Actor by) {
        Check.notNull("item", item);
        Check.notNull("name", name);
        Check.notNull("claimed", claimed);
        byte[] copy = Check.notNull("content", content).clone();
        Check.notNull("by", by);
        if (copy.length < 1 || copy.length > Attachment.MAX_BYTES) {
            throw InvalidFieldException.value(
                    "content", "content has " + copy.length + " bytes, expected 1.." + Attachment.MAX_BYTES);
        }
        String type = type(copy);
        String said = claimed.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean isTold = said.startsWith("image/") || said.equals("application/pdf") || said.equals("application/zip");
        if (isTold && !said.equals(type)) {
            throw InvalidFieldException.value("type", "type is " + said + ", expected " + type + " as the content is");
        }
        String hash = hash(copy);
        return planning.changeOf(item, rows -> {
            Item found = Planning.require(rows, item);
            ProjectId project = Planning.requireOpen(rows, found.project()).id();
            Planning.requireRoom(
                    rows.parts(SubjectKind.ATTACHMENT, project, item.value(), 0, MOST), SubjectKind.ATTACHMENT, MOST);
            Instant now = planning.now();
            Attachment attachment = new Attachment(
                    new PartId(rows.nextId(project)),
                    project,
                    item,
                    name,
                    type,
                    copy.length,
                    hash,
                    Revision.first(now, by));
            rows.addContent(hash, copy);
            rows.save(ProjectPartCodec.row(attachment));
            Planning.append(
                    rows,
                    project,
                    SubjectKind.ATTACHMENT,
                    attachment.id().value(),
                    1,
                    Map.of("created", Map.entry("", name)),
                    by,
                    now);
            return attachment;
        });
    }

    /** Deletes an attachment. */
    public void delete(PartId id, Actor by) {
        Check.notNull("id", id);
        Check.notNull("by", by);
        planning.change(planning.projectOf(SubjectKind.ATTACHMENT, id.value(), id.toString()), rows -> {
            Attachment attachment = ProjectPartCodec.attachment(
                    Planning.require(rows, SubjectKind.ATTACHMENT, id.value(), id.toString()));
            Planning.requireOpen(rows, attachment.project());
            rows.delete(SubjectKind.ATTACHMENT, id.value());
            Planning.append(
                    rows,
                    attachment.project(),
                    SubjectKind.ATTACHMENT,
                    id.value(),
                    attachment.revision().version() + 1,
                    Map.of("deleted", Map.entry(attachment.name(), "")),
                    by,
                    planning.now());
            return true;
        });
    }

    static String hash(String text) {
        return hash(text.getBytes(StandardCharsets.UTF_8));
    }

    static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", missing);
        }
    }

    /** The signatures of the formats that browsers would show or open; everything else is bytes, or text without control characters. */
    static String type(byte[] content) {
        String start = new String(content, 0, Math.min(12, content.length), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return "image/png";
        }
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return "image/jpeg";
        }
        if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return "image/gif";
        }
        if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return "image/webp";
        }
        if (start.startsWith("%PDF-")) {
            return "application/pdf";
        }
        if (start.startsWith("PK\u0003\u0004")) {
            return "application/zip";
        }
        for (int i = 0; i < Math.min(8_192, content.length); i++) {
            if (content[i] >= 0 && content[i] < ' ' && "\t\n\r\f".indexOf(content[i]) < 0) {
                return UNKNOWN;
            }
        }
        return "text/plain";
    }
}
