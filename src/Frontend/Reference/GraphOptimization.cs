namespace PrivateInference.Frontend.Reference;

/// <summary>How far ONNX Runtime may rewrite a graph before it runs it. The numbers are those of its interface.</summary>
public enum GraphOptimization
{
    /// <summary>Nodes run as they are written.</summary>
    None = 0,

    /// <summary>Constants are folded and redundant nodes dropped.</summary>
    Basic = 1,

    /// <summary>Nodes are fused as well.</summary>
    Extended = 2,

    /// <summary>Data layouts change as well; what applications use.</summary>
    All = 99,
}
