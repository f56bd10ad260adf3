//! A table of results that hands itself over as an Arrow stream.
//!
//! Whoever speaks the Arrow PyCapsule interface takes it without a copy;
//! everyone else asks for plain rows. So no library of data frames is needed.

use crate::failure::invalid;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchIterator};
use arrow_schema::SchemaRef;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// Rows in memory. Everything that speaks the Arrow PyCapsule interface reads
/// it without a copy: `pyarrow.table(t)`, `polars.DataFrame(t)`,
/// `pandas.DataFrame.from_arrow(t)`.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Table {
    batch: RecordBatch,
}

impl Table {
    /// A table of these columns.
    pub fn of(columns: Vec<(&str, arrow_array::ArrayRef)>) -> PyResult<Self> {
        let batch = RecordBatch::try_from_iter(columns).map_err(|error| invalid(error.to_string()))?;
        Ok(Self { batch })
    }
}

#[pymethods]
impl Table {
    /// Number of rows.
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<doppelt.Table {:?}, {} rows>", self.column_names(), self.batch.num_rows())
    }

    /// Names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.batch.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The rows as tuples of plain values.
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        use arrow_array::cast::AsArray;
        use arrow_schema::DataType;
        let cell = |column: &dyn Array, row: usize| -> PyResult<Bound<'py, PyAny>> {
            Ok(match column.data_type() {
                DataType::Utf8 => column.as_string::<i32>().value(row).into_pyobject(py)?.into_any(),
                DataType::Boolean => column.as_boolean().value(row).into_pyobject(py)?.to_owned().into_any(),
                DataType::Float64 => column
                    .as_primitive::<arrow_array::types::Float64Type>()
                    .value(row)
                    .into_pyobject(py)?
                    .into_any(),
                other => return Err(invalid(format!("no plain value for {other}"))),
            })
        };
        (0..self.batch.num_rows())
            .map(|row| {
                let cells: PyResult<Vec<_>> =
                    self.batch.columns().iter().map(|column| cell(column, row)).collect();
                Ok(pyo3::types::PyTuple::new(py, cells?)?.into_any())
            })
            .collect()
    }

    /// The Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer may wish for other types; the protocol lets us keep ours.
        drop(requested_schema);
        let schema: SchemaRef = self.batch.schema();
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], schema);
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}
