using PrivateInference.Frontend.Importing;

namespace PrivateInference.Frontend.Operators;

/// <summary>Imports one node: reads operands and attributes from the context and defines the node's outputs in it.</summary>
internal delegate void OperatorImporter(ImportContext context);
