package dev.architect.chat;

import dev.architect.model.Capability;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Derives the capabilities that a model needs from the fields of a request. */
final class RequiredCapabilities {

    private RequiredCapabilities() {}

    static Set<Capability> of(ChatRequest request) {
        EnumSet<Capability> required = EnumSet.noneOf(Capability.class);
        GenerationSettings generation = request.generation();
        if (!request.selection().needs().isEmpty()) {
            required.addAll(request.selection().needs());
        }
        add(required, request.system().isPresent(), Capability.SYSTEM_TEXT);
        add(required, request.messages().size() > 1, Capability.MULTI_TURN);
        add(required, generation.maxOutputTokens().isPresent(), Capability.MAX_OUTPUT_TOKENS);
        add(required, generation.temperature().isPresent(), Capability.TEMPERATURE);
        add(required, !generation.stopSequences().isEmpty(), Capability.STOP_SEQUENCES);
        add(required, !request.toolset().isEmpty(), Capability.TOOLS);
        add(required, request.toolset().choice().mode() != ToolChoice.Mode.AUTO, Capability.TOOL_CHOICE);
        add(
                required,
                request.toolset().choice().parallel() == ToolChoice.Parallel.FORBIDDEN,
                Capability.SINGLE_TOOL_CALL);
        add(required, generation.outputSchema().isPresent(), Capability.JSON_SCHEMA);
        add(required, generation.effort().isPresent(), Capability.REASONING_EFFORT);
        request.wireBody().ifPresent(body -> required.add(body.format().capability()));
        // By index: every request passes here.
        for (int i = 0; i < request.messages().size(); i++) {
            List<Part> parts = request.messages().get(i).parts();
            for (int k = 0; k < parts.size(); k++) {
                addFor(parts.get(k), required);
            }
        }
        return required;
    }

    private static void addFor(Part part, Set<Capability> required) {
        if (part instanceof Part.Image image) {
            required.add(Capability.IMAGES);
            add(required, image.media() instanceof Media.Link, Capability.MEDIA_LINKS);
        } else if (part instanceof Part.Document document) {
            required.add(Capability.DOCUMENT_INPUT);
            add(required, document.media() instanceof Media.Link, Capability.MEDIA_LINKS);
        } else if (part instanceof Part.CacheBreakpoint) {
            required.add(Capability.CACHE_BREAKPOINTS);
        } else if (part instanceof Part.ToolCall || part instanceof Part.ToolResult) {
            required.add(Capability.TOOLS);
        }
    }

    private static void add(Set<Capability> required, boolean isAsked, Capability capability) {
        if (isAsked) {
            required.add(capability);
        }
    }
}
