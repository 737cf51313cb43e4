/** What every store must do for nodes: their membership, roles, shared documents and messages. Part of the contract of stores. */
@NullMarked
package dev.architect.testkit.store.node;

import org.jspecify.annotations.NullMarked;
