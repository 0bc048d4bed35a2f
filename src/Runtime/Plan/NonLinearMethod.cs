namespace PrivateInference.Runtime.Plan;

/// <summary>How a non-linear step is computed on shares; what it computes is the same.</summary>
public enum NonLinearMethod
{
    /// <summary>By garbled circuit: one round online, kilobytes an element.</summary>
    Garbled,

    /// <summary>By oblivious transfer: some eight flights online, tens of bytes an element.</summary>
    ObliviousTransfer,
}
