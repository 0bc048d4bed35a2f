namespace PrivateInference.Backends.Diagnostics;

/// <summary>The identifiers of the lowering's findings. A published number never changes its meaning.</summary>
public static class CompileDiagnosticCodes
{
    /// <summary>No secure protocol for the operation.</summary>
    public const string UnsupportedOperation = "OM2001";

    /// <summary>The operation works on public constants, not on values computed from the input.</summary>
    public const string NeedsConstant = "OM2002";

    /// <summary>The operation is supported, but not for these ranks or shapes.</summary>
    public const string UnsupportedShape = "OM2003";

    /// <summary>The operation is possible at the model's output only, where the client computes it in the clear.</summary>
    public const string OutputOnly = "OM2004";

    /// <summary>A plan has one input and one output, the input of floating point elements or integers of 8 bits.</summary>
    public const string UnsupportedSignature = "OM2005";

    /// <summary>A constant holds a NaN or an infinity, or leads to one.</summary>
    public const string NotFinite = "OM2006";

    /// <summary>The operation compares, and the backend has no comparison.</summary>
    public const string NeedsComparison = "OM2007";

    /// <summary>A range check is wanted, and it is not known where a polynomial activation was fitted.</summary>
    public const string UnknownInterval = "OM2008";

    /// <summary>A warning: many of a polynomial activation's inputs lie outside of the interval it was fitted on.</summary>
    public const string OutsideOfInterval = "OM2101";
}
