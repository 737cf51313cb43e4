/** Chat models of Spring AI as a provider, and Architect as a chat model of Spring AI. */
@NullMarked
package dev.architect.spring.ai;

import org.jspecify.annotations.NullMarked;
