using System.Collections.Immutable;
using PrivateInference.IR;

namespace PrivateInference.Passes;

/// <summary>The graph that a list of passes gives, and what each did on the way.</summary>
public sealed record PassResult(Graph Graph, ImmutableArray<PassTrace> Trace);
