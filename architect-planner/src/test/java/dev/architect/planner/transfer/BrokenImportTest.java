package dev.architect.planner.transfer;

import static dev.architect.planner.transfer.ImportFixture.bytes;
import static dev.architect.planner.transfer.ImportFixture.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ProjectArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that nobody should send: each is refused with its place, and nothing is stored. */
class BrokenImportTest {

    private static final String HEADER = "Issue ID,Title,Status,Project\n";
    private static final String ISSUE = "'id':'i1','project_id':'p1','status_id':'s1','title':'T'";

    /** A file, and what its refusal must name. */
    record Broken(String name, ImportFormat format, byte[] content, String named) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Broken kanban(String name, byte[] content, String named) {
        return new Broken(name, ImportFormat.VIBE_KANBAN, content, named);
    }

    private static Broken issues(String name, String rows, String named) {
        return kanban(name, zip("issues.csv", HEADER + rows), named);
    }

    private static Broken rows(String name, String changed, String named) {
        return kanban(
                name,
                bytes(
                        "{'projects':[{'id':'p1','name':'Shop'}],'project_statuses':[{'id':'s1','project_id':'p1','name':'Done'}],"
                                + changed + "}"),
                named);
    }

    private static Broken tasks(String name, String tasks, String named) {
        return new Broken(name, ImportFormat.TASK_MASTER, bytes("{'master':{'tasks':[" + tasks + "]}}"), named);
    }

    private static Broken github(String name, String json, String named) {
        return new Broken(name, ImportFormat.GITHUB, bytes(json), named);
    }

    private static byte[] archive() {
        ImportFixture fixture = new ImportFixture();
        ProjectId web = new ProjectId("web");
        fixture.projects.create(web, "WEB", ProjectDraft.of("Web"), ImportFixture.ADA);
        var item = fixture.projects
                .items()
                .create(web, ItemDraft.of(ItemKind.BUG, "One"), Optional.empty(), ImportFixture.ADA);
        fixture.projects
                .attachments()
                .add(item.id(), "a.txt", "", "hello".getBytes(StandardCharsets.UTF_8), ImportFixture.ADA);
        return ArchiveFile.write(fixture.projects.imports().export(web, 1_000_000));
    }

    /** An archive of which one table was changed, with a manifest that fits. */
    private static Broken archive(String name, String table, UnaryOperator<String> change, String named) {
        var read = ArchiveFile.read(archive(), 1_000_000);
        var tables = new LinkedHashMap<>(read.tables());
        String text = change.apply(String.join("\n", read.lines(table)));
        tables.put(table, text.isEmpty() ? List.of() : List.of(text.split("\n", -1)));
        return new Broken(
                name,
                ImportFormat.ARCHITECT,
                ArchiveFile.write(new ProjectArchive(tables, read.contents(), List.of())),
                named);
    }

    /** A zip whose bytes were changed at a place of its directory. */
    private static byte[] directory(byte[] zip, int offset, int value) {
        ByteBuffer bytes = ByteBuffer.wrap(zip.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = zip.length - 46; at >= 0; at--) {
            if (bytes.getInt(at) == 0x02014b50) {
                bytes.putInt(at + offset, value);
                return bytes.array();
            }
        }
        throw new IllegalStateException("the zip has no directory");
    }

    private static byte[] replaced(byte[] content, String from, String to) {
        return new String(content, StandardCharsets.ISO_8859_1)
                .replace(from, to)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    static Stream<Broken> files() {
        byte[] small = zip("issues.csv", HEADER + "VIB-1,One,Done,Shop\n");
        List<Broken> all = new ArrayList<>(List.of(
                kanban("nothing", new byte[0], "size is 0 bytes"),
                kanban("a zip without an end", Arrays.copyOf(small, small.length - 20), "without a directory"),
                kanban("a path upwards", zip("issues.csv", HEADER, "../evil", "x"), "name is '../evil'"),
                kanban("a path upwards inside", zip("a/../../b", "x"), "name is 'a/../../b'"),
                kanban("an absolute path", zip("/etc/passwd", "x"), "name is '/etc/passwd'"),
                kanban("a path of Windows", zip("C:\\x", "x"), "expected a relative path"),
                kanban("a bomb", zip("issues.csv", HEADER + "x".repeat(2_000_000)), "times as many bytes"),
                kanban("a bomb that lies", directory(small, 24, 1), "1 bytes"),
                kanban("a huge size", directory(small, 24, Integer.MAX_VALUE), "bytes unpacked"),
                kanban("a link", directory(small, 38, 0xa1ff << 16), "a link"),
                kanban("a wrong checksum", directory(small, 16, 7), "another checksum"),
                kanban(
                        "an unknown method",
                        replaced(small, "\u0008\u0008\u0008\u0000", "\u0008\u0008\u0063\u0000"),
                        "method"),
                kanban("no issues", zip("projects.csv", "Name\n"), "issues.csv"),
                kanban("a column that is missing", zip("issues.csv", "Issue ID,Title\nVIB-1,x\n"), "a column 'Status'"),
                kanban("a column twice", zip("issues.csv", "Issue ID,Title,Status,Title\n"), "each column once"),
                issues("a row that is too short", "VIB-1,One\n", "issues.csv:2: row is 2 fields"),
                issues(
                        "a quote that does not end",
                        "VIB-1,\"One,Done,Shop\n",
                        "issues.csv:2: field is without its second quote"),
                issues("a quote in the middle", "VIB-1,O\"ne,Done,Shop\n", "issues.csv:2"),
                issues("text after a quote", "VIB-1,\"One\"x,Done,Shop\n", "issues.csv:2"),
                issues(
                        "an id twice",
                        "VIB-1,One,Done,Shop\nVIB-1,Two,Done,Shop\n",
                        "issues.csv:3: Issue ID is 'VIB-1'"),
                issues("no title", "VIB-1,,Done,Shop\n", "issues.csv:2: Title is empty"),
                issues("numbers twice", "VIB-1,One,Done,Shop\nABC-1,Two,Done,Shop\n", "number is 1"),
                kanban("latin 1", latin1(), "encoding is not UTF-8"),
                kanban("broken JSON", bytes("{'projects':[}"), "JSON is broken"),
                kanban("UTF-16", "{\"projects\":[]}".getBytes(StandardCharsets.UTF_16), "encoding is UTF-16"),
                kanban("deep JSON", ("[".repeat(5_000) + "]".repeat(5_000)).getBytes(StandardCharsets.UTF_8), "deeper"),
                rows(
                        "an unknown project",
                        "'issues':[{'id':'i1','project_id':'p9','status_id':'s1','title':'T'}]",
                        "/issues/0: project_id is 'p9'"),
                rows(
                        "an unknown status",
                        "'issues':[{'id':'i1','project_id':'p1','status_id':'s9','title':'T'}]",
                        "/issues/0: status_id is 's9'"),
                rows(
                        "a wrong time",
                        "'issues':[{" + ISSUE + ",'created_at':'yesterday'}]",
                        "/issues/0: created_at is 'yesterday'"),
                rows("a wrong kind", "'issues':[{" + ISSUE + ",'description':5}]", "/issues/0/description"),
                rows("an unknown parent", "'issues':[{" + ISSUE + ",'parent_issue_id':'i9'}]", "parent is 'i9'")));
        all.addAll(List.of(
                rows("its own parent", "'issues':[{" + ISSUE + ",'parent_issue_id':'i1'}]", "do not go in a circle"),
                rows(
                        "a title that is too long to keep",
                        "'issues':[{" + ISSUE + ",'description':'" + "x".repeat(100_001) + "'}]",
                        "body is 100001 characters"),
                tasks(
                        "a circle",
                        "{'id':1,'title':'A','status':'done','dependencies':[2]},{'id':2,'title':'B','status':'done','dependencies':[1]}",
                        "a circle, 1 → 2 → 1"),
                tasks(
                        "a part that waits for its whole",
                        "{'id':200,'title':'A','status':'done','subtasks':[{'id':1,'title':'B','status':'done','dependencies':[200]}]}",
                        "circle"),
                tasks(
                        "itself",
                        "{'id':1,'title':'A','status':'done','dependencies':['1']}",
                        "/master/tasks/0/dependencies/0"),
                tasks(
                        "an id as number and text",
                        "{'id':1,'title':'A','status':'done'},{'id':'1','title':'B','status':'done'}",
                        "/master/tasks/1: id is '1'"),
                tasks("no id", "{'title':'A'}", "/master/tasks/0: id is missing"),
                tasks("an id of words", "{'id':'one','title':'A'}", "/master/tasks/0/id"),
                tasks("a field twice", "{'id':1,'id':2,'title':'A'}", "names a field twice"),
                github("no list", "{'total':1}", "issues is missing"),
                github("an unknown state", "[{'number':1,'title':'A','state':'merged'}]", "/0: state is 'merged'"),
                github("a number that is none", "[{'number':'x','title':'A','state':'open'}]", "/0/number"),
                github(
                        "a number twice",
                        "[{'number':1,'title':'A','state':'open'},{'number':1,'title':'B','state':'open'}]",
                        "/1: id is '#1'"),
                github("no title", "[{'number':1,'title':'  ','state':'open'}]", "/0: title is missing"),
                new Broken("no archive", ImportFormat.ARCHITECT, bytes("{}"), "no zip"),
                new Broken(
                        "an archive without a manifest",
                        ImportFormat.ARCHITECT,
                        zip("items.jsonl", ""),
                        "manifest.json"),
                new Broken(
                        "an archive of a newer version",
                        ImportFormat.ARCHITECT,
                        zip("manifest.json", "{\"format\":\"architect-project\",\"version\":2,\"sha256\":{}}"),
                        "manifest.json: version is 2"),
                new Broken(
                        "an archive with something else",
                        ImportFormat.ARCHITECT,
                        zip(
                                "manifest.json",
                                "{\"format\":\"architect-project\",\"version\":1,\"sha256\":{}}",
                                "evil.sh",
                                "x"),
                        "evil.sh"),
                archive(
                        "an item of an unknown column",
                        "items",
                        text -> text.replace("\"c1\"", "\"c99\""),
                        "items.jsonl:1: column is 'c99'"),
                archive(
                        "an item that is its own parent",
                        "items",
                        text -> text.replace("\"title\"", "\"parent\":\"i1\",\"title\""),
                        "items.jsonl:1: parent"),
                archive(
                        "a priority of 12",
                        "items",
                        text -> text.replace("\"priority\":5", "\"priority\":12"),
                        "items.jsonl:1"),
                archive(
                        "a number that was not given",
                        "items",
                        text -> text.replace("WEB-1", "WEB-9").replace("\"i1\"", "\"i9\""),
                        "items.jsonl:1: key is WEB-9"),
                archive(
                        "a content that is another one",
                        "attachments",
                        text -> text.replace("\"size\":5", "\"size\":6"),
                        "attachments.jsonl:1: size is 6"),
                archive(
                        "a type that is a lie",
                        "attachments",
                        text -> text.replace("text/plain", "image/png"),
                        "attachments.jsonl:1: type"),
                archive(
                        "a path as a name",
                        "attachments",
                        text -> text.replace("a.txt", "../a.txt"),
                        "attachments.jsonl:1"),
                archive("no columns", "columns", text -> "", "columns.jsonl: stage"),
                archive(
                        "a link to itself",
                        "links",
                        text -> "{\"from\":\"i1\",\"kind\":\"blocks\",\"to\":\"i1\"}",
                        "links.jsonl:1"),
                archive(
                        "an event of nothing",
                        "events",
                        text -> text.replaceFirst("\"subject\":\"[ia]1\"", "\"subject\":\"i7\""),
                        "events.jsonl"),
                archive("no JSON", "comments", text -> "{", "comments.jsonl:1")));
        return all.stream();
    }

    private static byte[] latin1() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("issues.csv"));
            zip.write((HEADER + "VIB-1,Gr\u00fc\u00dfe,Done,Shop\n").getBytes(StandardCharsets.ISO_8859_1));
            zip.closeEntry();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("files")
    void isRefusedAndNothingIsStored(Broken broken) {
        ImportFixture fixture = new ImportFixture();
        ImportOptions options =
                new ImportOptions(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of(), 10_000_000);

        ImportException refusal = catchThrowableOfType(
                ImportException.class,
                () -> ImportFile.read(broken.format(), broken.content(), options)
                        .run(fixture.projects, ImportFixture.ADA));

        assertThat(refusal).as(broken.name()).isNotNull();
        assertThat(refusal).hasMessageContaining(broken.named());
        assertThat(refusal.expected()).isNotBlank();
        assertThat(refusal.seen()).isNotBlank();
        assertThat(fixture.rows()).isZero();
    }
}
