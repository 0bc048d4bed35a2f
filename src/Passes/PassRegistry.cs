using System.Collections.Immutable;
using PrivateInference.Passes.Canonical;
using PrivateInference.Passes.Correction;
using PrivateInference.Passes.Exact;
using PrivateInference.Passes.Lossy;
using PrivateInference.Passes.Polynomials;
using PrivateInference.Passes.Sharing;

namespace PrivateInference.Passes;

/// <summary>Every pass by its name.</summary>
public sealed class PassRegistry
{
    private readonly ImmutableArray<(Pass Prototype, Func<PassArguments, Pass> Create)> _entries;

    /// <param name="factories">Each makes a pass from arguments whose names the registry has checked.</param>
    public PassRegistry(params IEnumerable<Func<PassArguments, Pass>> factories)
        => _entries = [.. factories.Select(create => (create(PassArguments.None), create))];

    /// <summary>The passes of this product.</summary>
    public static PassRegistry Default { get; } = new(
    [
        arguments => new FoldConstants(arguments),
        _ => new RecognizeActivations(),
        _ => new FoldBatchNorm(),
        _ => new FoldChannelPermutation(),
        _ => new DropIdentity(),
        _ => new MergePad(),
        _ => new CommonSubexpressions(),
        _ => new DeadCode(),
        _ => new MergeLinear(),
        _ => new ReluAfterMaxPool(),
        _ => new ReluShuffle(),
        _ => new ReluMerge(),
        _ => new ReluRedundant(),
        arguments => new ReluPrune(arguments),
        arguments => new Relu6ToRelu(arguments),
        arguments => new MaxPoolToAveragePool(arguments),
        arguments => new ActivationToRelu(arguments),
        arguments => new RemoveActivation(arguments),
        arguments => new PartialActivation(arguments),
        arguments => new ReluBalance(arguments),
        arguments => new ReluShare(arguments),
        arguments => new PolynomialActivation(arguments),
        arguments => new Recalibrate(arguments),
    ]);

    /// <summary>Every pass with its default parameters, in the order in which a listing shows them.</summary>
    public IReadOnlyList<Pass> All => [.. _entries.Select(e => e.Prototype)];

    /// <summary>Makes a pass.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">Values for some of its parameters, as a user writes them.</param>
    /// <exception cref="PassException">No such pass, parameter or value; the message names the nearest and what there is.</exception>
    public Pass Create(string name, IReadOnlyDictionary<string, string>? parameters = null)
    {
        int index = Find("pass", name, [.. All.Select(p => p.Name)]);
        (Pass prototype, Func<PassArguments, Pass> create) = _entries[index];
        PassArguments arguments = parameters == null ? PassArguments.None : new PassArguments(parameters);
        foreach (string argument in arguments.Names)
            Find($"parameter of pass '{name}'", argument, [.. prototype.Parameters.Select(p => p.Name)]);
        return create(arguments);
    }

    private static int Find(string kind, string name, ImmutableArray<string> known)
    {
        int index = known.IndexOf(name);
        if (index >= 0)
            return index;
        string hint = NearestName.Of(name, known) is { } nearest ? $"Did you mean '{nearest}'? " : "";
        string list = known.IsEmpty ? "There are none." : $"Known: {string.Join(", ", known)}.";
        throw new PassException($"'{name}' is no {kind}. {hint}{list}");
    }
}
