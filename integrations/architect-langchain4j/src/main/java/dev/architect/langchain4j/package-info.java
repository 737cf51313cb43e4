/** Chat models of LangChain4j as a provider, and Architect as a chat model of LangChain4j. */
@NullMarked
package dev.architect.langchain4j;

import org.jspecify.annotations.NullMarked;
