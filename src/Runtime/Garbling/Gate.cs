using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Garbling;

/// <summary>One gate; wires are slots of the circuit's working memory, and no gate writes to a slot it reads.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Gate(GateKind Kind, int Left, int Right, int Output);
